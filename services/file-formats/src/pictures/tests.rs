use super::*;

const RED: Colour = Colour([255, 0, 0, 255]);
const BLUE: Colour = Colour([0, 0, 255, 255]);
const NONE: Colour = Colour([0, 0, 0, 0]);

fn at(picture: &Picture, x: u32, y: u32) -> [u8; 4] {
    picture.0.get_pixel(x, y).0
}

fn made(width: f64, height: f64, changes: impl IntoIterator<Item = Change>) -> Picture {
    let start = blank(width, height, RED).unwrap();
    changes.into_iter().fold(start, |picture, change| apply(picture, change).unwrap())
}

#[test]
fn every_format_is_written_and_read() {
    let dot = Shape::Rectangle { from: (0.0, 0.0), to: (3.0, 1.0), radius: 0.0 };
    let picture = made(8.0, 4.0, [Change::Draw(dot, BLUE)]);
    for format in PictureFormat::ALL {
        let bytes = encode(&picture, format, 95).unwrap();
        assert_eq!(measure(&bytes).unwrap(), Measured { format, size: (8, 4) }, "{format:?}");
        let (again, found) = decode(&bytes).unwrap();
        assert_eq!(found, format);
        if format != PictureFormat::Jpeg {
            assert_eq!(again, picture, "{format:?} is exact");
        }
        assert!(format.media_type().starts_with("image/"));
    }
    let (flat, _) = decode(&encode(&blank(4.0, 4.0, NONE).unwrap(), PictureFormat::Jpeg, 100).unwrap()).unwrap();
    assert_eq!(at(&flat, 1, 1), [255, 255, 255, 255], "behind what is transparent is white");
}

#[test]
fn a_size_follows_from_what_is_asked() {
    for (fit, width, height, expected) in [
        (Fit::Exactly, 10.0, 10.0, (10, 10)),
        (Fit::MostArea, 20.0, 10.0, (20, 10)),
        (Fit::MostArea, 400.0, 400.0, (40, 20)),
        (Fit::Covering, 10.0, 10.0, (20, 10)),
        (Fit::OnlyIfLarger, 10.0, 10.0, (10, 5)),
        (Fit::OnlyIfLarger, 100.0, 100.0, (40, 20)),
        (Fit::OnlyIfSmaller, 80.0, 80.0, (80, 40)),
        (Fit::OnlyIfSmaller, 10.0, 10.0, (40, 20)),
        (Fit::Percent, 50.0, 200.0, (20, 40)),
    ] {
        let picture = made(40.0, 20.0, [Change::Resize(width, height, fit)]);
        assert_eq!(picture.size(), expected, "{fit:?} {width} {height}");
    }
    for (width, height) in [(0.0, 10.0), (-1.0, 1.0), (40_000.0, 1.0), (f64::NAN, 1.0), (30_000.0, 30_000.0)] {
        let change = Change::Resize(width, height, Fit::Exactly);
        assert!(apply(blank(4.0, 4.0, RED).unwrap(), change).is_err(), "{width} {height}");
    }
}

#[test]
fn pictures_are_framed_cut_turned_and_laid_on_each_other() {
    let framed = made(2.0, 2.0, [Change::Border(3.0, 1.0, BLUE)]);
    assert_eq!((framed.size(), at(&framed, 2, 1), at(&framed, 3, 1)), ((8, 4), BLUE.0, RED.0));
    let cut = apply(framed.clone(), Change::Crop { at: (2.0, 1.0), size: (2.0, 100.0) }).unwrap();
    assert_eq!((cut.size(), at(&cut, 0, 0), at(&cut, 1, 0)), ((2, 3), BLUE.0, RED.0));
    assert!(apply(cut, Change::Crop { at: (5.0, 5.0), size: (1.0, 1.0) }).is_err());
    let turned = apply(framed.clone(), Change::Rotate(-270.0, NONE)).unwrap();
    assert_eq!(turned.size(), (4, 8));
    let slanted = apply(framed.clone(), Change::Rotate(45.0, NONE)).unwrap();
    assert_eq!((slanted.size(), at(&slanted, 0, 0), at(&slanted, 4, 4)), ((9, 9), NONE.0, RED.0));
    assert_eq!(apply(framed.clone(), Change::Rotate(720.0, NONE)).unwrap(), framed);
    let two = made(4.0, 4.0, [Change::Put(Box::new(blank(2.0, 2.0, BLUE).unwrap()), -1, 3)]);
    assert_eq!((at(&two, 0, 3), at(&two, 1, 3), at(&two, 0, 2)), (BLUE.0, RED.0, RED.0));
    let clear = apply(two, Change::Transparent(BLUE)).unwrap();
    assert_eq!((at(&clear, 0, 3)[3], at(&clear, 1, 3)[3]), (0, 255));
    let soft = made(9.0, 9.0, [Change::Border(4.0, 4.0, BLUE), Change::Blur(2.0)]);
    let edge = at(&soft, 4, 8);
    assert!(edge[0] > 20 && edge[2] > 20, "{edge:?}");
}

#[test]
fn shapes_are_drawn_where_they_lie_on_the_picture() {
    let ground = || blank(20.0, 20.0, RED).unwrap();
    let line = draw(ground(), &Shape::Line((2.0, 2.0), (30.0, 30.0)), BLUE);
    assert_eq!((at(&line, 10, 10), at(&line, 10, 13), at(&line, 1, 1)), (BLUE.0, RED.0, RED.0));
    let circle = draw(ground(), &Shape::Circle { middle: (10.0, 10.0), edge: (14.0, 10.0) }, BLUE);
    assert_eq!((at(&circle, 10, 6), at(&circle, 13, 13), at(&circle, 10, 5)), (BLUE.0, RED.0, RED.0));
    let round = draw(ground(), &Shape::Rectangle { from: (15.0, 15.0), to: (5.0, 5.0), radius: 5.0 }, BLUE);
    assert_eq!((at(&round, 5, 5), at(&round, 5, 10), at(&round, 10, 10)), (RED.0, BLUE.0, BLUE.0));
    let thin = Shape::Rectangle { from: (0.0, 0.0), to: (1e12, 0.0), radius: 1e9 };
    assert_eq!(at(&draw(ground(), &thin, Colour([0, 0, 255, 0])), 3, 0), RED.0, "a transparent colour changes nothing");
}

#[test]
fn colours_are_read() {
    for (text, colour) in
        [("#f00", RED), ("#0000ff", BLUE), ("00000000", NONE), (" #FF000080 ", Colour([255, 0, 0, 128]))]
    {
        assert_eq!(Colour::read(text).unwrap(), colour, "{text}");
    }
    for text in ["", "#ff", "red", "#12345g", "#ééé"] {
        assert!(Colour::read(text).is_err(), "{text}");
    }
}

#[test]
fn what_is_no_picture_or_too_large_a_one_is_refused() {
    let png = encode(&blank(8.0, 8.0, RED).unwrap(), PictureFormat::Png, 100).unwrap();
    for bytes in [&b""[..], b"plain text", b"\x89PNG\r\n\x1a\n", &png[..40]] {
        assert!(decode(bytes).is_err(), "{} bytes", bytes.len());
    }
    // A bitmap's head alone: 30 000 × 30 000 pixels.
    let mut head = b"BM\0\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0".to_vec();
    head.extend_from_slice(&30_000_u32.to_le_bytes());
    head.extend_from_slice(&30_000_u32.to_le_bytes());
    head.extend_from_slice(b"\x01\0\x18\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0");
    assert!(matches!(decode(&head), Err(FormatError::TooMuch { .. })));
}
