//! What is done to the picture of one item.

use serde::Deserialize;
use weft_file_formats::FormatError;
use weft_file_formats::pictures::{Change, Colour, Fit, Picture, PictureFormat, Shape, apply, blank, decode};
use weft_nodes::{Field, NodeError, Step};

use super::{MOST_READ, Operation, Parameters};
use crate::files::{StepFiles, file_of};

/// What the operations need, each its own part of it.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Fields {
    background_color: Field,
    border_color: Field,
    border_height: Field,
    border_width: Field,
    color: Field,
    corner_radius: Field,
    data_property_name_composite: Field,
    end_position_x: Field,
    end_position_y: Field,
    height: Field,
    position_x: Field,
    position_y: Field,
    primitive: Primitive,
    resize_option: ResizeOption,
    rotate: Field,
    sigma: Field,
    start_position_x: Field,
    start_position_y: Field,
    width: Field,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Primitive {
    Circle,
    Line,
    #[default]
    Rectangle,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
enum ResizeOption {
    IgnoreAspectRatio,
    MaximumArea,
    MinimumArea,
    #[default]
    OnlyIfLarger,
    OnlyIfSmaller,
    Percent,
}

impl From<ResizeOption> for Fit {
    fn from(option: ResizeOption) -> Self {
        match option {
            ResizeOption::IgnoreAspectRatio => Self::Exactly,
            ResizeOption::MaximumArea => Self::MostArea,
            ResizeOption::MinimumArea => Self::Covering,
            ResizeOption::OnlyIfLarger => Self::OnlyIfLarger,
            ResizeOption::OnlyIfSmaller => Self::OnlyIfSmaller,
            ResizeOption::Percent => Self::Percent,
        }
    }
}

/// One step, with everything that it needs.
pub(super) enum Planned {
    /// A new picture in place of the one there is.
    Blank(f64, f64, Colour),
    /// Another file on top.
    Put(Vec<u8>, f64, f64),
    /// Any other change.
    Change(Change),
}

impl Planned {
    pub(super) fn is_blank(&self) -> bool {
        matches!(self, Self::Blank(..))
    }
}

/// The picture of a file after all steps, and the format that the file has.
pub(super) fn executed(steps: Vec<Planned>, bytes: &[u8]) -> Result<(Picture, PictureFormat), FormatError> {
    let mut steps = steps.into_iter();
    let (mut picture, format) = if bytes.is_empty() {
        match steps.next() {
            Some(Planned::Blank(width, height, colour)) => (blank(width, height, colour)?, PictureFormat::Png),
            _ => decode(bytes)?,
        }
    } else {
        decode(bytes)?
    };
    for step in steps {
        picture = match step {
            Planned::Blank(width, height, colour) => blank(width, height, colour)?,
            Planned::Put(other, x, y) => {
                let other = decode(&other)?.0;
                apply(picture, Change::Put(Box::new(other), x as i64, y as i64))?
            }
            Planned::Change(change) => apply(picture, change)?,
        };
    }
    Ok((picture, format))
}

impl Parameters {
    /// The steps of one item; files that are laid on top are read here.
    pub(super) async fn steps(
        &self,
        step: &dyn Step,
        index: usize,
        files: &StepFiles,
    ) -> Result<Vec<Planned>, NodeError> {
        let single = [(self.operation, &self.fields)];
        let several = self.operations.operations.iter().map(|one| (one.operation, &one.fields));
        let all: Vec<(Operation, &Fields)> =
            if self.operation == Operation::MultiStep { several.collect() } else { single.to_vec() };
        let mut planned = Vec::with_capacity(all.len());
        for (operation, fields) in all {
            let read = Read { fields, step, index };
            planned.push(match operation {
                Operation::Composite => {
                    let property = fields.data_property_name_composite.text(step, index)?;
                    let file = file_of(&step.input(0)[index], &property)
                        .map_err(|error| error.in_field("dataPropertyNameComposite"))?;
                    let bytes = files.read(file, MOST_READ).await?;
                    Planned::Put(
                        bytes,
                        read.number(&fields.position_x, "positionX", 0.0)?,
                        read.number(&fields.position_y, "positionY", 0.0)?,
                    )
                }
                other => read.planned(other)?,
            });
        }
        Ok(planned)
    }
}

/// The sides of a picture where none are filled in.
const SIDE: f64 = 500.0;

/// The fields of one operation at one item. What is left out among several operations has the same defaults as in the form.
struct Read<'a> {
    fields: &'a Fields,
    step: &'a dyn Step,
    index: usize,
}

impl Read<'_> {
    fn planned(&self, operation: Operation) -> Result<Planned, NodeError> {
        let of = self.fields;
        let size =
            || Ok::<_, NodeError>((self.number(&of.width, "width", SIDE)?, self.number(&of.height, "height", SIDE)?));
        Ok(Planned::Change(match operation {
            Operation::Create => {
                let (width, height) = size()?;
                return Ok(Planned::Blank(
                    width,
                    height,
                    self.colour(&of.background_color, "backgroundColor", "#ffffff")?,
                ));
            }
            Operation::Blur => Change::Blur(self.number(&of.sigma, "sigma", 2.0)? as f32),
            Operation::Border => Change::Border(
                self.number(&of.border_width, "borderWidth", 10.0)?,
                self.number(&of.border_height, "borderHeight", 10.0)?,
                self.colour(&of.border_color, "borderColor", "#000000")?,
            ),
            Operation::Crop => Change::Crop {
                at: (self.number(&of.position_x, "positionX", 0.0)?, self.number(&of.position_y, "positionY", 0.0)?),
                size: size()?,
            },
            Operation::Draw => Change::Draw(self.shape()?, self.colour(&of.color, "color", "#ff0000")?),
            Operation::Resize => {
                let (width, height) = size()?;
                Change::Resize(width, height, of.resize_option.into())
            }
            Operation::Rotate => Change::Rotate(
                self.number(&of.rotate, "rotate", 90.0)?,
                self.colour(&of.background_color, "backgroundColor", "#ffffff")?,
            ),
            Operation::Transparent => Change::Transparent(self.colour(&of.color, "color", "#ff0000")?),
            Operation::Composite | Operation::Information | Operation::MultiStep => {
                let message = "This is no step among several: choose another operation.";
                return Err(NodeError::new("parameter", message).in_field("operations"));
            }
        }))
    }

    fn shape(&self) -> Result<Shape, NodeError> {
        let of = self.fields;
        let from = (
            self.number(&of.start_position_x, "startPositionX", 50.0)?,
            self.number(&of.start_position_y, "startPositionY", 50.0)?,
        );
        let to = (
            self.number(&of.end_position_x, "endPositionX", 250.0)?,
            self.number(&of.end_position_y, "endPositionY", 250.0)?,
        );
        Ok(match of.primitive {
            Primitive::Circle => Shape::Circle { middle: from, edge: to },
            Primitive::Line => Shape::Line(from, to),
            Primitive::Rectangle => {
                Shape::Rectangle { from, to, radius: self.number(&of.corner_radius, "cornerRadius", 0.0)? }
            }
        })
    }

    fn number(&self, field: &Field, name: &str, or: f64) -> Result<f64, NodeError> {
        if field.is_empty() { Ok(or) } else { field.number(self.step, self.index, name) }
    }

    fn colour(&self, field: &Field, name: &str, or: &str) -> Result<Colour, NodeError> {
        let text = field.text(self.step, self.index)?;
        let text = if text.is_empty() { or } else { text.as_str() };
        Colour::read(text).map_err(|error| NodeError::new("parameter", error.to_string()).in_field(name))
    }
}
