//! Who is asking, what may they do, how much may they use.
