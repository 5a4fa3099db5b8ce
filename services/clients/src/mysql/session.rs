//! One connection: signed in, asked.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use mysql_common::constants::{CapabilityFlags, Command, StatusFlags};
use mysql_common::io::ParseBuf;
use mysql_common::packets::{
    Column, ComStmtClose, ComStmtExecuteRequestBuilder, ComStmtSendLongData, CommonOkPacket, OkPacket, OldEofPacket,
    ResultSetTerminator, StmtPacket,
};
use mysql_common::proto::{Binary, MySerialize, Text as TextProtocol};
use mysql_common::row::RowDeserializer;
use mysql_common::value::{ServerSide, Value as Sent};
use tokio::time::timeout;
use weft_connectors::{Dialer, Tls};
use weft_value::{Object, Text};
use zeroize::Zeroizing;

use super::NAME;
use super::packets::{Packets, not_understood, ok, refused, unreadable};
use super::sign_in::{SignedIn, sign_in};
use super::statement::Statement;
use super::values::{Shape, sent, value_of};
use crate::{Budget, Failure, Refused};

/// The largest packet that is no row, and all columns of one answer together.
const MOST_OTHER: usize = 1 << 20;
/// No table and no query has more columns.
const MOST_COLUMNS: usize = 4096;
/// How many statements are kept prepared.
const MOST_PREPARED: usize = 64;
/// How much of a long value travels in one packet.
const LONG_PART: usize = 1 << 20;

/// Where a database is and who signs in.
pub struct Server {
    /// The host.
    pub host: String,
    /// The port; 3306 where nobody said another.
    pub port: u16,
    /// The database; empty for none.
    pub database: String,
    /// The user.
    pub user: String,
    /// The password.
    pub password: Zeroizing<String>,
    /// Whether the connection is encrypted.
    pub tls: Tls,
}

/// What came of one statement.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answer {
    /// Its rows: their columns by name. Nothing where the statement gives none by its nature.
    pub rows: Option<Vec<Object>>,
    /// What it did.
    pub done: Done,
}

/// What a statement did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Done {
    /// How many rows were found, or made.
    pub affected_rows: u64,
    /// The number that the server gave to a new row; 0 where it gave none.
    pub insert_id: u64,
    /// How many warnings there are.
    pub warnings: u16,
    /// What the server said.
    pub info: String,
}

struct Prepared {
    id: u32,
    places: usize,
}

/// How the values of rows are written.
#[derive(Clone, Copy)]
enum Format {
    Text,
    Binary,
}

/// A connection that is signed in. Dropped, it is closed, and what it had begun is taken back.
pub struct Session {
    packets: Packets,
    capabilities: CapabilityFlags,
    id: u32,
    prepared: HashMap<String, Prepared>,
}

impl Session {
    /// Connects and signs in. `limit` is for all of it.
    pub async fn open(dialer: &Dialer, server: &Server, limit: Duration) -> Result<Self, Failure> {
        let late = |_| Failure::Timeout { server: NAME, limit };
        timeout(limit, Self::connect(dialer, server, limit)).await.map_err(late)?
    }

    async fn connect(dialer: &Dialer, server: &Server, limit: Duration) -> Result<Self, Failure> {
        let stream = dialer.dial(&server.host, server.port, limit).await?;
        let SignedIn { packets, capabilities, id } = sign_in(Box::new(stream), server).await?;
        let mut session = Self { packets, capabilities, id, prepared: HashMap::new() };
        // Moments are told in UTC, whatever clock the server is set to.
        session.execute(&"SET time_zone = '+00:00'".into(), Shape::default(), &mut Budget::new(1, MOST_OTHER)).await?;
        Ok(session)
    }

    /// Executes one text. Without values it may be several statements, each with an answer of its own. What the server refuses
    /// leaves the session as it was; any other failure leaves it of no use.
    pub async fn execute(
        &mut self,
        statement: &Statement,
        shape: Shape,
        budget: &mut Budget,
    ) -> Result<Vec<Answer>, Failure> {
        let format = if statement.values.is_empty() {
            self.command(Command::COM_QUERY, statement.sql.as_bytes()).await?;
            Format::Text
        } else {
            let id = self.prepare(statement).await?;
            self.send_values(id, statement).await?;
            Format::Binary
        };
        self.answers(format, shape, budget).await
    }

    async fn command(&mut self, command: Command, said: &[u8]) -> Result<(), Failure> {
        let mut whole = Vec::with_capacity(said.len() + 1);
        whole.push(command as u8);
        whole.extend_from_slice(said);
        self.packets.command(&whole).await
    }

    /// The number of the prepared statement.
    async fn prepare(&mut self, statement: &Statement) -> Result<u32, Failure> {
        if !self.prepared.contains_key(&statement.sql) {
            if self.prepared.len() >= MOST_PREPARED {
                self.forget().await?;
            }
            self.command(Command::COM_STMT_PREPARE, statement.sql.as_bytes()).await?;
            let prepared = self.prepared_answer().await?;
            self.prepared.insert(statement.sql.clone(), prepared);
        }
        let known = self.prepared.get(&statement.sql).map(|known| (known.id, known.places));
        let (id, places) = known.ok_or_else(|| not_understood("a statement that is lost"))?;
        let given = statement.values.len();
        if places == given {
            return Ok(id);
        }
        let message = format!("The statement has places for {places} values, but it was given {given}.");
        Err(Failure::Refused(Box::new(Refused { code: "1210".into(), message, detail: None })))
    }

    async fn prepared_answer(&mut self) -> Result<Prepared, Failure> {
        let packet = self.other().await?;
        let made = ParseBuf(&packet).parse::<StmtPacket>(()).map_err(unreadable)?;
        for count in [made.num_params(), made.num_columns()] {
            // Of each a description, and where the protocol is old an end.
            let ends = u16::from(count > 0 && !self.has(CapabilityFlags::CLIENT_DEPRECATE_EOF));
            for _ in 0..count.saturating_add(ends) {
                self.packets.read(MOST_OTHER).await?;
            }
        }
        Ok(Prepared { id: made.statement_id(), places: made.num_params().into() })
    }

    async fn forget(&mut self) -> Result<(), Failure> {
        for (_, prepared) in self.prepared.drain() {
            let mut said = Vec::new();
            ComStmtClose::new(prepared.id).serialize(&mut said);
            self.packets.command(&said).await?;
        }
        Ok(())
    }

    async fn send_values(&mut self, id: u32, statement: &Statement) -> Result<(), Failure> {
        let values: Vec<Sent> = statement.values.iter().map(sent).collect();
        let (request, is_long) = ComStmtExecuteRequestBuilder::new(id).build(&values);
        if is_long {
            for (place, value) in (0_u16..).zip(&values) {
                let Sent::Bytes(bytes) = value else { continue };
                for part in bytes.chunks(LONG_PART) {
                    let mut said = Vec::with_capacity(part.len() + 8);
                    ComStmtSendLongData::new(id, place, part).serialize(&mut said);
                    self.packets.command(&said).await?;
                }
            }
        }
        let mut said = Vec::new();
        request.serialize(&mut said);
        self.packets.command(&said).await
    }

    async fn answers(&mut self, format: Format, shape: Shape, budget: &mut Budget) -> Result<Vec<Answer>, Failure> {
        let mut answers = Vec::new();
        loop {
            let packet = self.other().await?;
            budget.row(packet.len())?;
            let (rows, end) = match packet.first() {
                Some(0) => (None, ok::<CommonOkPacket>(&packet, self.capabilities)?),
                Some(0xfb) => return Err(not_understood("LOAD DATA LOCAL, which would read files of this machine")),
                Some(_) => {
                    let columns = self.columns(&packet).await?;
                    let (rows, end) = self.rows(&columns, format, shape, budget).await?;
                    (Some(rows), end)
                }
                None => return Err(not_understood("an empty answer")),
            };
            answers.push(Answer { rows, done: done(&end) });
            if !end.status_flags().contains(StatusFlags::SERVER_MORE_RESULTS_EXISTS) {
                return Ok(answers);
            }
        }
    }

    async fn columns(&mut self, count: &Bytes) -> Result<Arc<[Column]>, Failure> {
        let count = match count.as_ref() {
            [count] if *count < 0xfb => usize::from(*count),
            [0xfc, low, high] => usize::from(u16::from_le_bytes([*low, *high])),
            _ => usize::MAX,
        };
        if count > MOST_COLUMNS {
            return Err(not_understood("a number of columns that no table has"));
        }
        let (mut columns, mut left) = (Vec::with_capacity(count), MOST_OTHER);
        for _ in 0..count {
            let packet = self.packets.read(left).await?;
            left = left.saturating_sub(packet.len());
            columns.push(ParseBuf(&packet).parse::<Column>(()).map_err(unreadable)?);
        }
        if !self.has(CapabilityFlags::CLIENT_DEPRECATE_EOF) {
            self.packets.read(MOST_OTHER).await?;
        }
        Ok(columns.into())
    }

    async fn rows(
        &mut self,
        columns: &Arc<[Column]>,
        format: Format,
        shape: Shape,
        budget: &mut Budget,
    ) -> Result<(Vec<Object>, OkPacket<'static>), Failure> {
        let names: Vec<Text> = columns.iter().map(|column| Text::from(column.name_str().as_ref())).collect();
        let mut rows = Vec::new();
        loop {
            let packet = self.packets.read(budget.bytes().max(MOST_OTHER)).await?;
            match packet.first() {
                Some(0xff) => return Err(Failure::Refused(Box::new(refused(&packet)))),
                // A row may begin so too, but then with a text of more than 16 MiB.
                Some(0xfe) if packet.len() < 0xff_ff_ff => return Ok((rows, self.end(&packet)?)),
                _ => budget.row(packet.len())?,
            }
            let mut packet = ParseBuf(&packet);
            let row = match format {
                Format::Text => packet
                    .parse::<RowDeserializer<ServerSide, TextProtocol>>(Arc::clone(columns))
                    .map(RowDeserializer::into_inner),
                Format::Binary => packet
                    .parse::<RowDeserializer<ServerSide, Binary>>(Arc::clone(columns))
                    .map(RowDeserializer::into_inner),
            };
            let values = row.map_err(unreadable)?.unwrap_raw();
            let of_columns = names.iter().zip(columns.iter()).zip(values);
            let with_name = |((name, column), value): ((&Text, &Column), Option<Sent>)| {
                (name.clone(), value_of(column, value.unwrap_or(Sent::NULL), shape))
            };
            rows.push(of_columns.map(with_name).collect());
        }
    }

    fn end(&self, packet: &Bytes) -> Result<OkPacket<'static>, Failure> {
        if self.has(CapabilityFlags::CLIENT_DEPRECATE_EOF) {
            ok::<ResultSetTerminator>(packet, self.capabilities)
        } else {
            ok::<OldEofPacket>(packet, self.capabilities)
        }
    }

    /// A packet that is no row and no refusal.
    async fn other(&mut self) -> Result<Bytes, Failure> {
        let packet = self.packets.read(MOST_OTHER).await?;
        if packet.first() == Some(&0xff) { Err(Failure::Refused(Box::new(refused(&packet)))) } else { Ok(packet) }
    }

    fn has(&self, capability: CapabilityFlags) -> bool {
        self.capabilities.contains(capability)
    }

    /// Says goodbye.
    pub async fn close(mut self) {
        // Whoever does not hear it sees the socket closed.
        let _ = self.command(Command::COM_QUIT, &[]).await;
        self.packets.shut_down().await;
    }

    /// What stops a statement that nobody waits for any more.
    pub fn stopper(&self) -> Stopper {
        Stopper(self.id)
    }
}

fn done(end: &OkPacket<'_>) -> Done {
    Done {
        affected_rows: end.affected_rows(),
        insert_id: end.last_insert_id().unwrap_or_default(),
        warnings: end.warnings(),
        info: end.info_str().map(std::borrow::Cow::into_owned).unwrap_or_default(),
    }
}

/// Names a session to its server.
#[derive(Clone, Copy)]
pub struct Stopper(u32);

impl Stopper {
    /// Asks the server to stop what the session executes. It may do so or not, and does not say.
    pub async fn stop(self, dialer: &Dialer, server: &Server) {
        let limit = Duration::from_secs(5);
        let asked = async {
            let mut session = Session::connect(dialer, server, limit).await.ok()?;
            let kill = Statement::from(format!("KILL QUERY {}", self.0));
            session.execute(&kill, Shape::default(), &mut Budget::new(1, MOST_OTHER)).await.ok()?;
            session.close().await;
            Some(())
        };
        let _ = timeout(limit, asked).await;
    }
}
