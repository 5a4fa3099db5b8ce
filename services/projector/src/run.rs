//! The loop: wake-ups in, passes out.

use std::time::Duration;

use metrics::{counter, histogram};
use tokio::sync::broadcast::error::RecvError;
use tokio_util::sync::CancellationToken;
use tracing::{debug, warn};
use weft_model::TenantId;

use crate::{Pass, Projector, ProjectorFault};

/// How long a tenant rests after a failed pass: the database was away, or something is wrong that a person must see.
const AFTER_FAULT: Duration = Duration::from_secs(1);

/// The most tenants that one slow poll wakes.
const POLLED: i32 = 10_000;

impl Projector {
    /// Works until `stop` is cancelled; passes that are under way are finished first.
    pub async fn run(&self, stop: CancellationToken) {
        let workers = (0..self.inner.options.workers.max(1)).map(|_| self.work(stop.clone()));
        tokio::join!(self.listen(stop.clone()), self.poll(stop.clone()), futures_util::future::join_all(workers));
    }

    /// Wakes tenants whose log grew.
    async fn listen(&self, stop: CancellationToken) {
        let mut growth = self.inner.log.watch();
        loop {
            let committed = tokio::select! {
                () = stop.cancelled() => return,
                committed = growth.recv() => committed,
            };
            match committed {
                Ok(committed) => self.inner.queue.wake(committed.tenant),
                Err(RecvError::Lagged(lost)) => {
                    debug!(lost, "Wake-ups came faster than they were taken; looking for who is behind");
                    self.look_for_lost().await;
                }
                Err(RecvError::Closed) => return,
            }
        }
    }

    /// Finds what no wake-up told of: at the start, and after lost messages.
    async fn poll(&self, stop: CancellationToken) {
        let mut ticks = tokio::time::interval(self.inner.options.poll);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                _ = ticks.tick() => self.look_for_lost().await,
            }
        }
    }

    async fn look_for_lost(&self) {
        match self.behind().await {
            Ok(tenants) => tenants.into_iter().for_each(|tenant| self.inner.queue.wake(tenant)),
            Err(fault) => warn!(error = &fault as &dyn std::error::Error, "Cannot look for tenants that are behind"),
        }
    }

    pub(crate) async fn behind(&self) -> Result<Vec<TenantId>, ProjectorFault> {
        let Some(system) = &self.inner.system else { return Ok(Vec::new()) };
        let mut connection = system.acquire().await?;
        let tenants: Vec<uuid::Uuid> = sqlx::query_scalar("select weft.projections_behind($1, $2)")
            .bind(self.names())
            .bind(POLLED)
            .fetch_all(&mut *connection)
            .await?;
        Ok(tenants.into_iter().map(TenantId).collect())
    }

    async fn work(&self, stop: CancellationToken) {
        loop {
            let tenant = tokio::select! {
                () = stop.cancelled() => return,
                tenant = self.inner.queue.next() => tenant,
            };
            self.take_turn(tenant).await;
        }
    }

    async fn take_turn(&self, tenant: TenantId) {
        let began = tokio::time::Instant::now();
        let options = &self.inner.options;
        match self.pass(tenant).await {
            Ok(Pass::More { .. }) => self.inner.queue.done(tenant, true, Duration::ZERO),
            Ok(Pass::CaughtUp { .. }) => self.inner.queue.done(tenant, false, options.pause),
            // The other process may have looked just before the event that woke us was committed.
            Ok(Pass::Elsewhere) => self.inner.queue.done(tenant, true, options.pause),
            Err(fault) => {
                warn!(tenant.id = %tenant, error = &fault as &dyn std::error::Error, "A pass failed and will be repeated");
                counter!("weft_projector_faults_total").increment(1);
                self.inner.queue.done(tenant, true, AFTER_FAULT);
            }
        }
        histogram!("weft_projector_pass_seconds").record(began.elapsed());
    }

    /// Folds everything that the tenant's log holds now, without the loop: for commands and tests.
    pub async fn catch_up(&self, tenant: TenantId) -> Result<(), ProjectorFault> {
        let give_up = tokio::time::Instant::now() + Duration::from_secs(30);
        loop {
            match self.pass(tenant).await? {
                Pass::CaughtUp { .. } => return Ok(()),
                Pass::More { .. } => {}
                Pass::Elsewhere if tokio::time::Instant::now() > give_up => return Err(ProjectorFault::Busy),
                Pass::Elsewhere => tokio::time::sleep(Duration::from_millis(5)).await,
            }
        }
    }
}
