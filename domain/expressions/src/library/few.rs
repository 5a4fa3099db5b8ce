//! A few things that are dear to make and are asked for again: the ones used last.

use std::collections::VecDeque;
use std::rc::Rc;

/// At most so many are kept. Workflows write in a handful of languages; a hostile one must not fill the memory.
const MOST: usize = 64;

/// Longer keys come from nobody's language; what they stand for is made anew each time.
const LONGEST_KEY: usize = 64;

/// Things by a name and a kind, the last used first.
#[derive(Debug)]
pub(super) struct Few<K, V>(VecDeque<(String, K, Rc<V>)>);

impl<K: Copy + PartialEq, V> Few<K, V> {
    pub(super) const fn new() -> Self {
        Self(VecDeque::new())
    }

    /// The thing called `name` of `kind`, made by `make` where it is not at hand.
    pub(super) fn get<E>(&mut self, name: &str, kind: K, make: impl FnOnce() -> Result<V, E>) -> Result<Rc<V>, E> {
        let place = self.0.iter().position(|(other, its_kind, _)| *its_kind == kind && other == name);
        if let Some(place) = place {
            if let Some(found) = (place > 0).then(|| self.0.remove(place)).flatten() {
                self.0.push_front(found);
            }
            return Ok(Rc::clone(&self.0[0].2));
        }
        let thing = Rc::new(make()?);
        if name.len() <= LONGEST_KEY {
            self.0.truncate(MOST - 1);
            self.0.push_front((name.to_owned(), kind, Rc::clone(&thing)));
        }
        Ok(thing)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn length(few: &mut Few<usize, usize>, name: &str, made: &mut usize) -> usize {
        let measured = || -> Result<usize, ()> {
            *made += 1;
            Ok(name.len())
        };
        *few.get(name, 0, measured).unwrap()
    }

    #[test]
    fn a_thing_is_made_once_and_the_longest_unused_makes_room() {
        let (mut few, mut made) = (Few::new(), 0);
        assert_eq!([length(&mut few, "de", &mut made), length(&mut few, "de", &mut made), made], [2, 2, 1]);
        for number in 0..MOST - 1 {
            length(&mut few, &number.to_string(), &mut made);
            length(&mut few, "de", &mut made);
        }
        assert_eq!((few.0.len(), made), (MOST, MOST));
        length(&mut few, "one more", &mut made);
        assert_eq!((few.0.len(), made), (MOST, MOST + 1));
        length(&mut few, "0", &mut made);
        assert_eq!(made, MOST + 2, "the first one had to go");
        length(&mut few, "de", &mut made);
        assert_eq!(made, MOST + 2, "the last used one had not");
    }

    #[test]
    fn a_name_without_end_is_not_kept() {
        let (mut few, mut made) = (Few::new(), 0);
        let name = "x".repeat(LONGEST_KEY + 1);
        length(&mut few, &name, &mut made);
        length(&mut few, &name, &mut made);
        assert_eq!((few.0.len(), made), (0, 2));
    }

    #[test]
    fn what_cannot_be_made_is_not_kept() {
        let mut few: Few<usize, usize> = Few::new();
        assert_eq!(few.get("de", 0, || Err("no")), Err("no"));
        assert_eq!(few.get("de", 0, || Ok::<_, &str>(1)).as_deref(), Ok(&1));
    }
}
