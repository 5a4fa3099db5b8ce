//! Tests of the house itself: who may use whom, and whether the documents tell the truth. It holds no code.
