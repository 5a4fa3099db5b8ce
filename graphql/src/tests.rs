//! The contract, as clients see it.

mod sdl;
