//! Shapes on a picture.

use image::Pixel;

use super::{Colour, Picture};

/// What is drawn: corners, ends, or a middle and a place on the edge, in pixels from the left and from above.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Shape {
    /// One pixel wide.
    Line((f64, f64), (f64, f64)),
    /// Filled.
    Rectangle {
        /// One corner.
        from: (f64, f64),
        /// The opposite one.
        to: (f64, f64),
        /// How round the corners are.
        radius: f64,
    },
    /// Filled.
    Circle {
        /// The middle.
        middle: (f64, f64),
        /// A place on its edge.
        edge: (f64, f64),
    },
}

/// The picture with a shape on it. What lies outside is not drawn.
pub fn draw(mut picture: Picture, shape: &Shape, colour: Colour) -> Picture {
    let ((left, top), (right, low)) = shape.bounds();
    let (width, height) = picture.size();
    let range = |from: f64, to: f64, all: u32| {
        let end = (to.floor() + 1.0).clamp(0.0, f64::from(all));
        (from.floor().clamp(0.0, f64::from(all)) as u32)..(end as u32)
    };
    let pixel = colour.pixel();
    for y in range(top, low, height) {
        for x in range(left, right, width) {
            if shape.covers(f64::from(x), f64::from(y)) {
                picture.0.get_pixel_mut(x, y).blend(&pixel);
            }
        }
    }
    picture
}

impl Shape {
    fn bounds(&self) -> ((f64, f64), (f64, f64)) {
        let ordered = |a: (f64, f64), b: (f64, f64)| ((a.0.min(b.0), a.1.min(b.1)), (a.0.max(b.0), a.1.max(b.1)));
        match *self {
            Self::Line(from, to) | Self::Rectangle { from, to, .. } => ordered(from, to),
            Self::Circle { middle: (x, y), edge } => {
                let radius = (edge.0 - x).hypot(edge.1 - y);
                ((x - radius, y - radius), (x + radius, y + radius))
            }
        }
    }

    fn covers(&self, x: f64, y: f64) -> bool {
        match *self {
            Self::Line(from, to) => {
                let (across, down) = (to.0 - from.0, to.1 - from.1);
                let length = across.hypot(down);
                if length < f64::EPSILON {
                    return true;
                }
                ((x - from.0) * down - (y - from.1) * across).abs() / length <= 0.5
            }
            Self::Rectangle { radius, .. } => {
                let ((left, top), (right, low)) = self.bounds();
                let radius = radius.clamp(0.0, ((right - left).min(low - top) / 2.0).max(0.0));
                // How far from the rectangle that the middles of the round corners span.
                let beyond = |at: f64, from: f64, to: f64| (from + radius - at).max(at - (to - radius)).max(0.0);
                beyond(x, left, right).hypot(beyond(y, top, low)) <= radius + 0.5
            }
            Self::Circle { middle, edge } => {
                let radius = (edge.0 - middle.0).hypot(edge.1 - middle.1);
                (x - middle.0).hypot(y - middle.1) <= radius
            }
        }
    }
}
