//! Numbers that look random and are the same for the same seed. Not for secrets.

/// A sequence of such numbers: splitmix64 (Steele, Lea and Flood, “Fast splittable pseudorandom number generators”, 2014).
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The sequence of a seed that a person wrote, by its FNV-1a (draft-eastlake-fnv), which is the same on every machine.
    pub(crate) fn of_text(seed: &str) -> Self {
        let mix = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        Self(seed.bytes().fold(0xcbf2_9ce4_8422_2325, mix))
    }

    pub(crate) fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `bound`; 0 where there is none.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        ((u128::from(self.bits()) * bound as u128) >> 64) as usize
    }

    /// One of `choices`, which are not empty.
    pub(crate) fn one_of<'a, T: ?Sized>(&mut self, choices: &[&'a T]) -> &'a T {
        choices[self.below(choices.len())]
    }

    /// A word of so many of the characters, which are not none.
    pub(crate) fn word(&mut self, length: usize, characters: &[char]) -> String {
        (0..length).map(|_| characters[self.below(characters.len())]).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_the_same_for_the_same_seed_and_spread_over_all() {
        let drawn = |mut random: Random| (0..1000).map(|_| random.below(7)).collect::<Vec<_>>();
        assert_eq!(drawn(Random::new(1)), drawn(Random::new(1)));
        assert_ne!(drawn(Random::new(1)), drawn(Random::new(2)));
        assert_ne!(drawn(Random::of_text("a")), drawn(Random::of_text("b")));
        for number in 0..7 {
            let count = drawn(Random::of_text("é")).into_iter().filter(|drawn| *drawn == number).count();
            assert!((90..200).contains(&count), "{number}: {count}");
        }
        assert_eq!(Random::new(1).below(0), 0);
    }
}
