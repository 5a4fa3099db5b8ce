//! Values that only their maker understands.

use std::any::Any;
use std::fmt::Debug;
use std::sync::Arc;

use crate::Value;

/// What lives only while an expression is evaluated.
pub trait Opaque: Any + Debug + Send + Sync {
    /// What stands for it where only data can: in JSON and in results. Never opaque itself.
    fn to_plain(&self) -> Value;
}

/// A shared [`Opaque`]; equal to itself only. The second pointer keeps a [`Value`] small: opaque ones are rare.
#[derive(Clone, Debug)]
pub struct OpaqueRef(Arc<Box<dyn Opaque>>);

impl OpaqueRef {
    /// Wraps `opaque`.
    pub fn new(opaque: impl Opaque) -> Self {
        Self(Arc::new(Box::new(opaque)))
    }

    /// What it is, for the one who made it.
    pub fn downcast<T: Opaque>(&self) -> Option<&T> {
        (&**self.0 as &dyn Any).downcast_ref()
    }

    /// What stands for it where only data can.
    pub fn to_plain(&self) -> Value {
        self.0.to_plain()
    }
}

impl PartialEq for OpaqueRef {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}
