//! Talks to the code runner's processes.
