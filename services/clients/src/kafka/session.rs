//! A cluster that messages are sent to.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use tokio::time::sleep;
use weft_connectors::{Dialer, Tls};

use super::answers::{Outcomes, Partition, brokers, cluster, outcomes};
use super::connection::Connection;
use super::errors::{NO_LEADER, NONE, UNKNOWN_TOPIC, failure_of, is_passing, not_confirmed};
use super::records::{Compression, Message, batch};
use super::sign_in::SignIn;
use super::wire::{Api, Request, Topic, not_understood};
use super::{NAME, partition};
use crate::Failure;

/// How many bytes of messages travel together; a message that is larger travels alone.
const TOGETHER: usize = 512 * 1024;
/// How many messages travel together.
const MOST_TOGETHER: usize = 1000;
/// How often the cluster is asked again that is about to make a topic, or to give a partition another leader, and how long
/// it is left alone between.
const TRIES: usize = 10;
const BETWEEN: Duration = Duration::from_millis(300);
/// How much longer than the server an answer is waited for: its word that it is late is worth more than silence.
const MORE_PATIENCE: Duration = Duration::from_secs(5);

/// Where a cluster is and who signs in.
pub struct Server {
    /// The servers that are asked for the others, in this order: host and port.
    pub brokers: Vec<(String, u16)>,
    /// What this end calls itself.
    pub client: String,
    /// Who signs in; nobody where the cluster asks nobody.
    pub sign_in: Option<SignIn>,
    /// Whether connections are encrypted.
    pub tls: Tls,
}

/// Whose word makes a message sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Acks {
    /// That of all servers that keep copies in step.
    #[default]
    All,
    /// That of the one that leads.
    Leader,
    /// Nobody's: messages may be lost, and nobody says so.
    Nobody,
}

/// How messages are delivered.
#[derive(Clone, Copy, Debug)]
pub struct Delivery {
    /// Whose word is waited for.
    pub acks: Acks,
    /// How batches are compressed.
    pub compression: Compression,
    /// How long the cluster may take for a batch.
    pub patience: Duration,
    /// Where messages without a key begin to go round.
    pub turn: usize,
}

/// Where a message stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed {
    /// The topic.
    pub topic: Topic,
    /// The part of it.
    pub partition: i32,
    /// The place in that; nothing where nobody was asked for it.
    pub offset: Option<i64>,
}

struct Pending {
    number: usize,
    message: Message,
}

/// What goes to one part of a topic, in its order.
type Batches = BTreeMap<(Topic, i32), Vec<Pending>>;

/// A cluster that is signed in to.
pub struct Session {
    dialer: Dialer,
    server: Server,
    delivery: Delivery,
    limit: Duration,
    /// Who is asked where topics are.
    guide: Connection,
    brokers: HashMap<i32, (String, u16)>,
    topics: HashMap<Topic, Vec<Partition>>,
    /// Topics that are not to be had, and the error's number: nobody waits for one of them twice.
    missing: HashMap<Topic, i16>,
    connections: HashMap<i32, Connection>,
    pending: Batches,
    waiting: (usize, usize),
    turn: usize,
    done: Vec<(usize, Result<Placed, Failure>)>,
}

impl Session {
    /// Connects to the first server that answers, and signs in. `limit` is for each server.
    pub async fn open(dialer: &Dialer, server: Server, delivery: Delivery, limit: Duration) -> Result<Self, Failure> {
        let patience = delivery.patience + MORE_PATIENCE;
        let mut last = not_understood("nothing, since the credential names no server");
        for (host, port) in &server.brokers {
            match Connection::open(dialer, &server, (host, *port), limit, patience).await {
                Ok(guide) => {
                    return Ok(Self {
                        dialer: dialer.clone(),
                        server,
                        delivery,
                        limit,
                        guide,
                        brokers: HashMap::new(),
                        topics: HashMap::new(),
                        missing: HashMap::new(),
                        connections: HashMap::new(),
                        pending: Batches::new(),
                        waiting: (0, 0),
                        turn: delivery.turn,
                        done: Vec::new(),
                    });
                }
                Err(failure @ Failure::SignIn { .. }) => return Err(failure),
                Err(failure) => last = failure,
            }
        }
        Err(last)
    }

    /// Asks the cluster about itself, which tells whoever signed nobody in whether there is one.
    pub async fn greet(&mut self) -> Result<(), Failure> {
        let asked = |request: &mut Request| _ = request.count(0).truth(false);
        let mut answer = self.guide.ask(Api::Metadata, asked).await?;
        let known = brokers(&mut answer)?;
        if known.is_empty() { Err(not_understood("a cluster without servers")) } else { Ok(()) }
    }

    /// Hands a message over, which is called `number` from here on. What became of it, [`Session::done`] tells, at the latest
    /// after [`Session::settle`].
    pub async fn publish(&mut self, number: usize, message: Message) -> Result<(), Failure> {
        if !self.topics.contains_key(&message.topic) {
            let known = self.missing.get(&message.topic).copied();
            let code = match known {
                Some(code) => code,
                None => self.learn(&message.topic).await?,
            };
            if code != NONE {
                self.missing.insert(message.topic.clone(), code);
                return Err(failure_of(code, &message.topic));
            }
        }
        let partitions = self.topics.get(&message.topic).map_or(&[][..], Vec::as_slice);
        let place = if let Some(key) = &message.key {
            partition::of_key(key, partitions.len())
        } else {
            self.turn = self.turn.wrapping_add(1);
            self.turn % partitions.len().max(1)
        };
        let chosen = partitions.get(place).ok_or_else(|| failure_of(NO_LEADER, &message.topic))?.index;
        let (count, bytes) = self.waiting;
        if count >= MOST_TOGETHER || (count > 0 && bytes + message.len() > TOGETHER) {
            self.settle().await?;
        }
        self.waiting = (self.waiting.0 + 1, self.waiting.1 + message.len());
        self.pending.entry((message.topic.clone(), chosen)).or_default().push(Pending { number, message });
        Ok(())
    }

    /// Sends what was handed over and not sent yet. Where it fails, [`Session::done`] tells which messages may have arrived; of
    /// which it tells nothing, those were not sent.
    pub async fn settle(&mut self) -> Result<(), Failure> {
        let mut left = std::mem::take(&mut self.pending);
        self.waiting = (0, 0);
        for again in 0..TRIES {
            if left.is_empty() {
                return Ok(());
            }
            if again > 0 {
                sleep(BETWEEN).await;
                for topic in topics_of(&left) {
                    let code = self.learn(&topic).await?;
                    if code != NONE {
                        self.refused(left.extract_if(.., |(known, _), _| *known == topic).collect(), code);
                    }
                }
            }
            left = self.send(left).await?;
        }
        self.refused(left, NO_LEADER);
        Ok(())
    }

    /// What became of messages since it was asked the last time.
    pub fn done(&mut self) -> Vec<(usize, Result<Placed, Failure>)> {
        std::mem::take(&mut self.done)
    }

    /// Ends the connections.
    pub async fn close(self) {
        self.guide.close().await;
        for connection in self.connections.into_values() {
            connection.close().await;
        }
    }

    /// Sends each batch to whoever leads its part, and gives back those that have to be sent to somebody else.
    async fn send(&mut self, batches: Batches) -> Result<Batches, Failure> {
        let mut of_leaders: BTreeMap<i32, Batches> = BTreeMap::new();
        for ((topic, index), messages) in batches {
            let leader = self.leader(&topic, index);
            of_leaders.entry(leader).or_default().insert((topic, index), messages);
        }
        let mut again = of_leaders.remove(&-1).unwrap_or_default();
        for (leader, batches) in of_leaders {
            again.extend(self.produce(leader, batches).await?);
        }
        Ok(again)
    }

    fn leader(&self, topic: &Topic, index: i32) -> i32 {
        let partitions = self.topics.get(topic).map_or(&[][..], Vec::as_slice);
        let leader = partitions.iter().find(|known| known.index == index).map(|known| known.leader);
        leader.filter(|leader| self.brokers.contains_key(leader)).unwrap_or(-1)
    }

    async fn produce(&mut self, leader: i32, batches: Batches) -> Result<Batches, Failure> {
        let Delivery { acks, compression, patience, .. } = self.delivery;
        let api = if compression == Compression::Zstd { Api::ProduceZstd } else { Api::Produce };
        let mut made: BTreeMap<&Topic, Vec<(i32, Vec<u8>)>> = BTreeMap::new();
        for ((topic, index), messages) in &batches {
            let bytes = batch(&messages.iter().map(|one| &one.message), compression);
            let bytes = bytes.map_err(|source| Failure::Broken { server: NAME, source })?;
            made.entry(topic).or_default().push((*index, bytes));
        }
        let write = |request: &mut Request| {
            request.no_text().short(number_of(acks)).int(i32::try_from(patience.as_millis()).unwrap_or(i32::MAX));
            request.count(made.len());
            for (topic, parts) in &made {
                request.text(topic.as_str()).count(parts.len());
                for (index, bytes) in parts {
                    request.int(*index).bytes(bytes);
                }
            }
        };
        let connection = self.connection(leader).await?;
        // From here on the messages may have arrived, whatever goes wrong.
        let said = if acks == Acks::Nobody {
            connection.say(api, write).await.map(|_| None)
        } else {
            let answer = connection.ask(api, write).await;
            answer.and_then(|mut answer| outcomes(&mut answer, api)).map(Some)
        };
        match said {
            Ok(Some(said)) => Ok(self.answered(batches, &said)),
            Ok(None) => {
                self.sent(batches);
                Ok(Batches::new())
            }
            Err(failure) => {
                self.in_doubt(batches.into_values().flatten(), &failure);
                Err(failure)
            }
        }
    }

    /// That nobody knows what became of messages: they are not sent again.
    fn in_doubt(&mut self, messages: impl Iterator<Item = Pending>, failure: &Failure) {
        self.done.extend(messages.map(|one| (one.number, Err(not_confirmed(failure)))));
    }

    fn refused(&mut self, batches: Batches, code: i16) {
        for ((topic, _), messages) in batches {
            self.done.extend(messages.into_iter().map(|one| (one.number, Err(failure_of(code, &topic)))));
        }
    }

    /// What nobody will say a word about.
    fn sent(&mut self, batches: Batches) {
        for ((topic, partition), messages) in batches {
            let placed = |one: Pending| (one.number, Ok(Placed { topic: topic.clone(), partition, offset: None }));
            self.done.extend(messages.into_iter().map(placed));
        }
    }

    /// Notes what the cluster said of each batch, and gives back those that were not taken because they belong elsewhere.
    fn answered(&mut self, batches: Batches, said: &Outcomes) -> Batches {
        let mut again = Batches::new();
        for ((topic, partition), messages) in batches {
            let Some((code, first)) = said.get(&(topic.as_str().to_owned(), partition)).copied() else {
                self.in_doubt(messages.into_iter(), &not_understood("nothing about what was sent"));
                continue;
            };
            if is_passing(code) {
                again.insert((topic, partition), messages);
                continue;
            }
            for (offset, one) in (first..).zip(messages) {
                let placed = Placed { topic: topic.clone(), partition, offset: Some(offset) };
                let outcome = if code == NONE { Ok(placed) } else { Err(failure_of(code, &topic)) };
                self.done.push((one.number, outcome));
            }
        }
        again
    }

    async fn connection(&mut self, leader: i32) -> Result<&mut Connection, Failure> {
        if !self.connections.contains_key(&leader) {
            let place = self.brokers.get(&leader).ok_or_else(|| not_understood("a leader that is nowhere"))?;
            let patience = self.delivery.patience + MORE_PATIENCE;
            let opened =
                Connection::open(&self.dialer, &self.server, (&place.0, place.1), self.limit, patience).await?;
            self.connections.insert(leader, opened);
        }
        self.connections.get_mut(&leader).ok_or_else(|| not_understood("a leader that is nowhere"))
    }

    /// Asks where a topic is, and gives the error's number where that is not to be had. A server that makes topics by itself needs
    /// a moment for it.
    async fn learn(&mut self, topic: &Topic) -> Result<i16, Failure> {
        let mut code = NO_LEADER;
        for again in 0..TRIES {
            if again > 0 {
                sleep(BETWEEN).await;
            }
            let asked = |request: &mut Request| _ = request.count(1).text(topic.as_str()).truth(true);
            let mut answer = self.guide.ask(Api::Metadata, asked).await?;
            let (brokers, found, partitions) = cluster(&mut answer, topic)?;
            code = found;
            if code == NONE && partitions.iter().any(|one| one.leader >= 0) {
                // Who moved is dialled again.
                self.connections.retain(|id, _| self.brokers.get(id) == brokers.get(id));
                self.brokers = brokers;
                self.topics.insert(topic.clone(), partitions);
                return Ok(NONE);
            }
            if !matches!(code, NONE | UNKNOWN_TOPIC) && !is_passing(code) {
                break;
            }
        }
        Ok(if code == NONE { NO_LEADER } else { code })
    }
}

fn topics_of(batches: &Batches) -> Vec<Topic> {
    let mut topics: Vec<Topic> = batches.keys().map(|(topic, _)| topic.clone()).collect();
    topics.dedup();
    topics
}

fn number_of(acks: Acks) -> i16 {
    match acks {
        Acks::All => -1,
        Acks::Leader => 1,
        Acks::Nobody => 0,
    }
}
