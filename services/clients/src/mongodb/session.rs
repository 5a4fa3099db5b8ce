//! A database that is asked.

use std::time::Duration;

use bson::{Bson, Document, RawBsonRef, doc};
use tokio::time::timeout;
use weft_connectors::Dialer;
use weft_value::Object;

use super::NAME;
use super::address::Server;
use super::answer::{Answer, listed};
use super::errors::{confirmed, done, refused};
use super::primary::{Reached, reached};
use super::sign_in::{MOST_ANSWER, sign_in};
use super::values::object;
use super::wire::{MOST_MESSAGE, Wire, not_understood};
use crate::{Budget, Failure, Refused};

/// How many documents come, or are sent, at a time.
const TOGETHER: usize = 1000;
/// How many bytes of documents are sent at a time; one that is larger is sent alone.
const TOGETHER_BYTES: usize = 8 << 20;
/// What an answer has beside the documents in it.
const AROUND: usize = 1 << 20;

/// A database of a server that is signed in to. The server stops what it does when the connection ends, which it does when this is
/// dropped.
pub struct Session {
    wire: Wire,
    database: String,
    confirmed: Document,
    patience: Duration,
}

/// Which documents are looked for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Find {
    /// What they are like.
    pub query: Document,
    /// How many of them are given at most; 0 for all.
    pub limit: u32,
    /// How many of them are left out first.
    pub skip: u32,
    /// In which order.
    pub sort: Document,
    /// Which of their fields are given.
    pub projection: Document,
}

/// How a document is changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Changes {
    /// Some of its fields.
    Update,
    /// The same, and nobody else in between.
    FindAndUpdate,
    /// All of it.
    FindAndReplace,
}

/// A change of one document.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// How.
    pub how: Changes,
    /// Which document.
    pub filter: Document,
    /// What it has afterwards.
    pub fields: Document,
    /// Whether it is made where there is none; the word is MongoDB's.
    pub upsert: bool,
}

/// What becomes of documents behind one that is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// They are not inserted.
    Stop,
    /// They are.
    GoOn,
}

/// Which documents were refused, by their numbers.
pub type Refusals = Vec<(usize, Refused)>;

impl Session {
    /// Looks for the server that takes writes, and signs in. `limit` is for all of it, `patience` for each question afterwards.
    pub async fn open(dialer: &Dialer, server: &Server, limit: Duration, patience: Duration) -> Result<Self, Failure> {
        let late = |_| Failure::Timeout { server: NAME, limit };
        timeout(limit, Self::opened(dialer, server, limit, patience)).await.map_err(late)?
    }

    async fn opened(dialer: &Dialer, server: &Server, limit: Duration, patience: Duration) -> Result<Self, Failure> {
        let Reached { mut wire, hello, server } = reached(dialer, server, limit).await?;
        if let Some(who) = &server.sign_in {
            sign_in(&mut wire, &server, who, &hello).await?;
        }
        Ok(Self { wire, database: server.database, confirmed: server.confirmed, patience })
    }

    /// The documents that are looked for.
    pub async fn find(&mut self, collection: &str, find: Find, budget: &mut Budget) -> Result<Vec<Object>, Failure> {
        let mut command = doc! { "find": collection, "filter": find.query, "batchSize": TOGETHER as i32 };
        let some = |number: u32| Some(Bson::Int64(number.into())).filter(|_| number > 0);
        for (name, value) in [("limit", some(find.limit)), ("skip", some(find.skip))] {
            if let Some(value) = value {
                command.insert(name, value);
            }
        }
        for (name, document) in [("sort", find.sort), ("projection", find.projection)] {
            if !document.is_empty() {
                command.insert(name, document);
            }
        }
        self.all(collection, command, budget).await
    }

    /// What comes out of a pipeline.
    pub async fn aggregate(
        &mut self,
        collection: &str,
        pipeline: Vec<Document>,
        budget: &mut Budget,
    ) -> Result<Vec<Object>, Failure> {
        let pipeline: Vec<Bson> = pipeline.into_iter().map(Bson::Document).collect();
        let cursor = doc! { "batchSize": TOGETHER as i32 };
        self.all(collection, doc! { "aggregate": collection, "pipeline": pipeline, "cursor": cursor }, budget).await
    }

    /// Deletes all documents that are like that, and tells how many there were.
    pub async fn delete(&mut self, collection: &str, query: Document) -> Result<f64, Failure> {
        let deletes = vec![Bson::Document(doc! { "q": query, "limit": 0 })];
        let answer = self.written(doc! { "delete": collection, "deletes": deletes }).await?;
        first_refused(&answer)?;
        confirmed(&answer)?;
        Ok(answer.number("n").unwrap_or_default())
    }

    /// How many of these documents may be inserted at once.
    pub fn together<'a>(documents: impl Iterator<Item = &'a Document>) -> usize {
        let mut bytes = 0;
        let fits = |document: &&'a Document| {
            bytes += document.to_vec().map_or(0, |document| document.len());
            bytes <= TOGETHER_BYTES
        };
        documents.take(TOGETHER).take_while(fits).count().max(1)
    }

    /// Inserts so many documents as [`Session::together`] says, and gives those that were refused.
    pub async fn insert(
        &mut self,
        collection: &str,
        documents: Vec<Document>,
        order: Order,
    ) -> Result<Refusals, Failure> {
        let documents: Vec<Bson> = documents.into_iter().map(Bson::Document).collect();
        let command = doc! { "insert": collection, "documents": documents, "ordered": order == Order::Stop };
        let answer = self.written(command).await?;
        let refusals = refusals(&answer);
        // What was refused is told first: it was not even written.
        if refusals.is_empty() {
            confirmed(&answer)?;
        }
        Ok(refusals)
    }

    /// Changes one document.
    pub async fn change(&mut self, collection: &str, change: Change) -> Result<(), Failure> {
        let Change { how, filter, fields, upsert } = change;
        let fields = if how == Changes::FindAndReplace {
            fields
        } else {
            doc! { "$set": fields }
        };
        let command = match how {
            Changes::Update => {
                let updates = vec![Bson::Document(doc! { "q": filter, "u": fields, "upsert": upsert, "multi": false })];
                doc! { "update": collection, "updates": updates }
            }
            // What it was before is of no interest to anybody.
            Changes::FindAndUpdate | Changes::FindAndReplace => doc! {
                "findAndModify": collection, "query": filter, "update": fields, "upsert": upsert, "fields": { "_id": 1 },
            },
        };
        let answer = self.written(command).await?;
        first_refused(&answer)?;
        confirmed(&answer)
    }

    /// Asks something that one document answers, and gives that.
    pub async fn command(&mut self, command: Document) -> Result<Object, Failure> {
        object(self.ask(command, MOST_ANSWER).await?.body())
    }

    /// Whether the server lets this user see what is in the database; one who did not sign in where others do is not let in.
    pub async fn is_let_in(&mut self) -> Result<(), Failure> {
        let command = doc! { "listCollections": 1, "nameOnly": true, "authorizedCollections": true, "cursor": { "batchSize": 0 } };
        match self.ask(command, MOST_ANSWER).await {
            Err(Failure::Refused(refused)) if refused.code == "Unauthorized" => {
                Err(Failure::SignIn { server: NAME, reason: refused.message.trim_end_matches('.').to_owned() })
            }
            other => other.map(|_| ()),
        }
    }

    /// Says goodbye.
    pub async fn close(self) {
        self.wire.close().await;
    }

    async fn written(&mut self, mut command: Document) -> Result<Answer, Failure> {
        if !self.confirmed.is_empty() {
            command.insert("writeConcern", self.confirmed.clone());
        }
        self.ask(command, MOST_MESSAGE).await
    }

    async fn ask(&mut self, mut command: Document, most: usize) -> Result<Answer, Failure> {
        // Commands that begin elsewhere end with them: a time of their own is not for those that go on.
        if !command.contains_key("getMore") {
            command.insert("maxTimeMS", i64::try_from(self.patience.as_millis()).unwrap_or(i64::MAX));
        }
        command.insert("$db", self.database.as_str());
        done(self.wire.ask(&command, most).await?, self.patience)
    }

    /// All documents of a cursor.
    async fn all(&mut self, collection: &str, command: Document, budget: &mut Budget) -> Result<Vec<Object>, Failure> {
        let mut rows = Vec::new();
        let most = |budget: &Budget| budget.bytes().saturating_add(AROUND);
        let mut answer = self.ask(command, most(budget)).await?;
        loop {
            let cursor = answer.document("cursor").ok_or_else(|| not_understood("no cursor"))?;
            let id = cursor.get("id").ok().flatten().and_then(RawBsonRef::as_i64).unwrap_or_default();
            let taken =
                [listed(cursor, "firstBatch"), listed(cursor, "nextBatch")].into_iter().flatten().try_for_each(|row| {
                    let row = row.as_document().ok_or_else(|| not_understood("a row that is no document"))?;
                    budget.row(row.as_bytes().len())?;
                    rows.push(object(row)?);
                    Ok(())
                });
            if let Err(failure) = taken {
                self.leave(collection, id).await;
                return Err(failure);
            }
            if id == 0 {
                return Ok(rows);
            }
            let more = doc! { "getMore": id, "collection": collection, "batchSize": TOGETHER as i32 };
            answer = self.ask(more, most(budget)).await?;
        }
    }

    /// Tells the server that nobody takes the rest.
    async fn leave(&mut self, collection: &str, cursor: i64) {
        if cursor != 0 {
            let command = doc! { "killCursors": collection, "cursors": [cursor], "$db": self.database.as_str() };
            // Whoever does not hear it forgets the cursor after some minutes.
            let _ = timeout(Duration::from_secs(5), self.wire.say(&command)).await;
        }
    }
}

fn refusals(answer: &Answer) -> Refusals {
    let each = |error: &bson::RawDocument| {
        let index = super::answer::number(error, "index").map_or(0, |index| index as usize);
        (index, refused(error))
    };
    answer.documents("writeErrors").into_iter().map(each).collect()
}

fn first_refused(answer: &Answer) -> Result<(), Failure> {
    refusals(answer).into_iter().next().map_or(Ok(()), |(_, refused)| Err(Failure::Refused(Box::new(refused))))
}
