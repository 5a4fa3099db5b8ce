//! What the server says, one message at a time, and never more of it than was permitted.

use bytes::BytesMut;
use fallible_iterator::FallibleIterator as _;
use postgres_protocol::message::backend::{DataRowBody, ErrorResponseBody, Header, Message, RowDescriptionBody};
use tokio::io::{AsyncRead, AsyncReadExt};
use weft_value::{Object, Text, Value};

use super::NAME;
use super::values::{LargeNumbers, value_of};
use crate::{Budget, Failure, Refused};

/// What came of one query.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answer {
    /// Its rows: their columns by name.
    pub rows: Vec<Object>,
    /// Whether it gives rows by its nature, also where there is none.
    pub gives_rows: bool,
}

/// The largest message that is no row: a description of columns, an error.
const MOST_OTHER: usize = 1 << 20;

pub(super) struct Reader<S> {
    stream: S,
    buffer: BytesMut,
}

impl<S: AsyncRead + Unpin> Reader<S> {
    pub(super) fn new(stream: S) -> Self {
        Self { stream, buffer: BytesMut::with_capacity(8192) }
    }

    /// The next message of at most so many bytes, notices aside.
    pub(super) async fn message(&mut self, most: usize) -> Result<Message, Failure> {
        loop {
            if let Some(header) = Header::parse(&self.buffer).map_err(not_understood)? {
                let bytes = usize::try_from(header.len()).unwrap_or(usize::MAX);
                if bytes > most {
                    return Err(Failure::TooLarge { limit: most });
                }
            }
            match Message::parse(&mut self.buffer).map_err(not_understood)? {
                Some(Message::NoticeResponse(_) | Message::ParameterStatus(_) | Message::NotificationResponse(_)) => {}
                Some(message) => return Ok(message),
                None => self.fill().await?,
            }
        }
    }

    async fn fill(&mut self) -> Result<(), Failure> {
        let broken = |source| Failure::Broken { server: NAME, source };
        let read = self.stream.read_buf(&mut self.buffer).await.map_err(broken)?;
        if read == 0 { Err(broken(std::io::ErrorKind::UnexpectedEof.into())) } else { Ok(()) }
    }

    /// The rows of one query, which may be several statements, up to the moment when the server is ready for the next.
    pub(super) async fn answer(&mut self, numbers: LargeNumbers, budget: &mut Budget) -> Result<Answer, Failure> {
        let (mut answer, mut columns, mut refusal) = (Answer::default(), Vec::new(), None);
        loop {
            match self.message(budget.bytes().max(MOST_OTHER)).await? {
                Message::RowDescription(body) => {
                    columns = columns_of(&body)?;
                    answer.gives_rows = true;
                }
                Message::DataRow(body) => {
                    budget.row(body.buffer().len())?;
                    answer.rows.push(row_of(&body, &columns, numbers)?);
                }
                Message::ErrorResponse(body) => refusal = Some(refused(&body)),
                Message::ReadyForQuery(_) => {
                    return refusal.map_or(Ok(answer), |refused| Err(Failure::Refused(Box::new(refused))));
                }
                Message::CommandComplete(_) | Message::EmptyQueryResponse => {}
                Message::CopyInResponse(_) | Message::CopyOutResponse(_) => {
                    let what = "COPY from or to the client, which a node cannot do".to_owned();
                    return Err(Failure::Protocol { server: NAME, what });
                }
                _ => return Err(Failure::Protocol { server: NAME, what: "a message out of its turn".into() }),
            }
        }
    }
}

/// A column: its name and the number of its type.
struct Column {
    name: Text,
    oid: u32,
}

fn columns_of(body: &RowDescriptionBody) -> Result<Vec<Column>, Failure> {
    let column = |field: postgres_protocol::message::backend::Field<'_>| {
        Ok(Column { name: Text::from(field.name()), oid: field.type_oid() })
    };
    body.fields().map(column).collect().map_err(not_understood)
}

fn row_of(body: &DataRowBody, columns: &[Column], numbers: LargeNumbers) -> Result<Object, Failure> {
    let mut row = Object::with_capacity(columns.len());
    let (mut ranges, mut column) = (body.ranges(), columns.iter());
    while let Some(range) = ranges.next().map_err(not_understood)? {
        let Some(column) = column.next() else { break };
        let value = range.map_or(Value::Null, |range| {
            value_of(column.oid, &String::from_utf8_lossy(&body.buffer()[range]), numbers)
        });
        row.insert(column.name.clone(), value);
    }
    Ok(row)
}

/// What the server says when it refuses (the fields' letters are in the protocol, section "Error and Notice Message Fields").
pub(super) fn refused(body: &ErrorResponseBody) -> Refused {
    let mut said = Refused::default();
    let mut fields = body.fields();
    while let Ok(Some(field)) = fields.next() {
        let text = String::from_utf8_lossy(field.value_bytes()).into_owned();
        match field.type_() {
            b'C' => said.code = text,
            b'M' => said.message = text,
            b'D' => said.detail = Some(text),
            b'H' if said.detail.is_none() => said.detail = Some(text),
            _ => {}
        }
    }
    said
}

#[expect(clippy::needless_pass_by_value, reason = "it is given to map_err")]
fn not_understood(error: std::io::Error) -> Failure {
    Failure::Protocol { server: NAME, what: error.to_string() }
}
