//! A batch of messages as it is stored (<https://kafka.apache.org/documentation/#recordbatch>).

use std::io::{self, Write as _};

use crc::{CRC_32_ISCSI, Crc};
use flate2::write::GzEncoder;
use lz4_flex::frame::FrameEncoder;

use super::wire::Topic;

/// The checksum CRC-32C (RFC 3720, appendix B.4).
static CHECKSUM: Crc<u32> = Crc::<u32>::new(&CRC_32_ISCSI);

/// A message.
pub struct Message {
    /// Where it goes.
    pub topic: Topic,
    /// What decides where it stands: messages with the same key stay in their order.
    pub key: Option<Vec<u8>>,
    /// What it says.
    pub payload: Vec<u8>,
    /// What is said about it.
    pub headers: Vec<(String, Vec<u8>)>,
    /// When it was made, in milliseconds since 1970.
    pub moment: i64,
}

impl Message {
    pub(super) fn len(&self) -> usize {
        let headers: usize = self.headers.iter().map(|(name, value)| name.len() + value.len() + 4).sum();
        self.payload.len() + self.key.as_ref().map_or(0, Vec::len) + headers + 24
    }
}

/// How the messages of a batch are compressed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Compression {
    /// Not at all.
    #[default]
    None,
    /// gzip.
    Gzip,
    /// Snappy.
    Snappy,
    /// LZ4.
    Lz4,
    /// Zstandard, which Kafka knows since 2.1.
    Zstd,
}

impl Compression {
    fn number(self) -> i16 {
        match self {
            Self::None => 0,
            Self::Gzip => 1,
            Self::Snappy => 2,
            Self::Lz4 => 3,
            Self::Zstd => 4,
        }
    }

    fn compress(self, records: Vec<u8>) -> io::Result<Vec<u8>> {
        match self {
            Self::None => Ok(records),
            Self::Gzip => {
                let mut encoder = GzEncoder::new(Vec::new(), flate2::Compression::default());
                encoder.write_all(&records)?;
                encoder.finish()
            }
            Self::Snappy => snappy(&records),
            Self::Lz4 => {
                let mut encoder = FrameEncoder::new(Vec::new());
                encoder.write_all(&records)?;
                encoder.finish().map_err(io::Error::other)
            }
            Self::Zstd => zstd::bulk::compress(&records, 0),
        }
    }
}

/// Blocks with a length before each, behind the header that snappy-java writes and Kafka's own clients expect.
fn snappy(records: &[u8]) -> io::Result<Vec<u8>> {
    const BLOCK: usize = 32 * 1024;
    let mut whole = b"\x82SNAPPY\0\0\0\0\x01\0\0\0\x01".to_vec();
    for block in records.chunks(BLOCK) {
        let block = snap::raw::Encoder::new().compress_vec(block).map_err(io::Error::other)?;
        whole.extend_from_slice(&u32::try_from(block.len()).unwrap_or(u32::MAX).to_be_bytes());
        whole.extend_from_slice(&block);
    }
    Ok(whole)
}

/// The messages as one batch.
pub(super) fn batch<'a>(
    messages: &(impl ExactSizeIterator<Item = &'a Message> + Clone),
    compression: Compression,
) -> io::Result<Vec<u8>> {
    let count = i32::try_from(messages.len()).unwrap_or(i32::MAX);
    let moments = || messages.clone().map(|message| message.moment);
    let (first, latest) = (moments().next().unwrap_or_default(), moments().max().unwrap_or_default());
    let mut records = Vec::new();
    for (offset, message) in (0_i64..).zip(messages.clone()) {
        record(&mut records, offset, first, message);
    }
    // What the checksum is over: everything from the attributes on.
    let mut checked = Vec::with_capacity(records.len() + 40);
    checked.extend_from_slice(&compression.number().to_be_bytes());
    checked.extend_from_slice(&(count - 1).to_be_bytes());
    checked.extend_from_slice(&first.to_be_bytes());
    checked.extend_from_slice(&latest.to_be_bytes());
    // No producer that numbers its messages: its id, its epoch and its first number.
    checked.extend_from_slice(&(-1_i64).to_be_bytes());
    checked.extend_from_slice(&(-1_i16).to_be_bytes());
    checked.extend_from_slice(&(-1_i32).to_be_bytes());
    checked.extend_from_slice(&count.to_be_bytes());
    checked.extend_from_slice(&compression.compress(records)?);
    let mut batch = Vec::with_capacity(checked.len() + 21);
    batch.extend_from_slice(&0_i64.to_be_bytes());
    // Of what follows: the leader's epoch, which only the leader knows, the version and the checksum.
    batch.extend_from_slice(&i32::try_from(checked.len() + 9).unwrap_or(i32::MAX).to_be_bytes());
    batch.extend_from_slice(&(-1_i32).to_be_bytes());
    batch.push(2);
    batch.extend_from_slice(&CHECKSUM.checksum(&checked).to_be_bytes());
    batch.extend_from_slice(&checked);
    Ok(batch)
}

fn record(records: &mut Vec<u8>, offset: i64, first: i64, message: &Message) {
    let mut record = vec![0];
    number(&mut record, message.moment.saturating_sub(first));
    number(&mut record, offset);
    match &message.key {
        Some(key) => bytes(&mut record, key),
        None => number(&mut record, -1),
    }
    bytes(&mut record, &message.payload);
    number(&mut record, message.headers.len() as i64);
    for (name, value) in &message.headers {
        bytes(&mut record, name.as_bytes());
        bytes(&mut record, value);
    }
    bytes(records, &record);
}

fn bytes(into: &mut Vec<u8>, bytes: &[u8]) {
    number(into, bytes.len() as i64);
    into.extend_from_slice(bytes);
}

/// A number of as few bytes as it needs, its sign in the lowest bit.
fn number(into: &mut Vec<u8>, number: i64) {
    let mut left = ((number << 1) ^ (number >> 63)) as u64;
    while left >= 0x80 {
        into.push(left as u8 | 0x80);
        left >>= 7;
    }
    into.push(left as u8);
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
mod tests {
    use super::*;

    /// The examples of RFC 3720, appendix B.4, which writes the lowest byte first.
    #[test]
    fn the_checksum_is_that_of_its_standard() {
        for (bytes, expected) in [
            (vec![0; 32], 0x8a91_36aa_u32),
            (vec![0xff; 32], 0x62a8_ab43),
            ((0..32).collect(), 0x46dd_794e),
            (b"123456789".to_vec(), 0xe306_9283),
        ] {
            assert_eq!(CHECKSUM.checksum(&bytes), expected);
        }
    }

    #[test]
    fn numbers_are_as_short_as_they_can_be() {
        for (given, expected) in
            [(0, &[0][..]), (-1, &[1]), (1, &[2]), (63, &[126]), (64, &[128, 1]), (-65, &[129, 1]), (300, &[216, 4])]
        {
            let mut written = Vec::new();
            number(&mut written, given);
            assert_eq!(written, expected, "{given}");
        }
        let mut least = Vec::new();
        number(&mut least, i64::MIN);
        assert_eq!(least.len(), 10);
    }

    #[test]
    fn a_batch_says_how_many_messages_it_has_and_how_long_it_is() {
        let message = |key: Option<&[u8]>, moment| Message {
            topic: Topic::new("t").unwrap(),
            key: key.map(<[u8]>::to_vec),
            payload: "世".into(),
            headers: vec![("h".into(), b"1".to_vec())],
            moment,
        };
        let two = [message(Some(b"k"), 1000), message(None, 1001)];
        let made = batch(&two.iter(), Compression::None).unwrap();
        assert_eq!(made[8..12], u32::try_from(made.len() - 12).unwrap().to_be_bytes());
        assert_eq!((made[16], &made[57..61]), (2, &[0, 0, 0, 2][..]));
        let first = b"\x1c\0\0\0\x02k\x06\xe4\xb8\x96\x02\x02h\x021";
        let second = b"\x1a\0\x02\x02\x01\x06\xe4\xb8\x96\x02\x02h\x021";
        assert_eq!(made[61..], [&first[..], second].concat());
        for compression in [Compression::Gzip, Compression::Snappy, Compression::Lz4, Compression::Zstd] {
            let many: Vec<Message> = (0..5000).map(|n| message(None, n)).collect();
            let (plain, small) =
                (batch(&many.iter(), Compression::None).unwrap(), batch(&many.iter(), compression).unwrap());
            assert!(small.len() < plain.len(), "{compression:?}");
            assert_eq!(i16::from_be_bytes([small[21], small[22]]), compression.number());
        }
    }
}
