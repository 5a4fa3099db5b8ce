//! Which part of a topic a message belongs to.

/// The partition of a key among `count`, as Kafka's own clients choose it (`BuiltInPartitioner`), so that messages with one key
/// stand in one order whoever sends them.
pub(super) fn of_key(key: &[u8], count: usize) -> usize {
    (murmur2(key) & 0x7fff_ffff) as usize % count.max(1)
}

/// `MurmurHash2` of 32 bits with the seed that Kafka uses (`Utils.murmur2` in its sources).
fn murmur2(data: &[u8]) -> u32 {
    const MIX: u32 = 0x5bd1_e995;
    let mut hash = 0x9747_b28c ^ data.len() as u32;
    let (whole, rest) = data.as_chunks::<4>();
    for four in whole {
        let mut mixed = u32::from_le_bytes(*four).wrapping_mul(MIX);
        mixed ^= mixed >> 24;
        hash = hash.wrapping_mul(MIX) ^ mixed.wrapping_mul(MIX);
    }
    if !rest.is_empty() {
        let last = rest.iter().rev().fold(0_u32, |sum, byte| (sum << 8) | u32::from(*byte));
        hash = (hash ^ last).wrapping_mul(MIX);
    }
    hash ^= hash >> 13;
    hash = hash.wrapping_mul(MIX);
    hash ^ (hash >> 15)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The examples of Kafka's own tests (`UtilsTest.testMurmur2`).
    #[test]
    fn keys_are_hashed_as_kafkas_own_clients_do() {
        for (key, expected) in [
            ("21", -973_932_308_i32),
            ("foobar", -790_332_482),
            ("a-little-bit-long-string", -985_981_536),
            ("a-little-bit-longer-string", -1_486_304_829),
            ("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58_897_971),
            ("abc", 479_470_107),
        ] {
            assert_eq!(murmur2(key.as_bytes()) as i32, expected, "{key}");
        }
    }

    #[test]
    fn a_key_has_one_partition() {
        let of = |key: &str| of_key(key.as_bytes(), 4);
        assert_eq!(of("Zoë"), of("Zoë"));
        let all: std::collections::BTreeSet<_> = (0..64).map(|n| of(&n.to_string())).collect();
        assert_eq!(all.len(), 4);
        assert_eq!(of_key(b"", 0), 0);
    }
}
