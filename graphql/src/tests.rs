//! The contract, as clients see it.

mod changing;
mod credentials;
mod live;
mod matrix;
mod reading;
mod sdl;
mod stage;
