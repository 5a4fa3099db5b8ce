//! The contract, as clients see it.

mod changing;
mod live;
mod matrix;
mod reading;
mod sdl;
mod stage;
