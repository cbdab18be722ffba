//! Draws what egui has tessellated, as a graphics card would, but on the processor: the same picture on every machine.
//! egui_kittest's own renderer needs wgpu and a Vulkan driver, which take longer to build than this whole program.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use eframe::egui::epaint::{ImageData, Mesh, Primitive, Vertex};
use eframe::egui::{self, Color32, ColorImage, Pos2, Rect, TextureId, TexturesDelta};
use egui_kittest::TestRenderer;

/// A texture with its smaller copies: each is half as wide and half as high as the one before.
struct Texture {
    levels: Vec<ColorImage>,
    has_levels: bool,
}

/// The textures of one window, shared with the harness, which hands over what changes.
#[derive(Clone, Default)]
pub struct Textures(Rc<RefCell<Kept>>);

#[derive(Default)]
struct Kept {
    textures: HashMap<TextureId, Texture>,
    /// Let go of in the last frame: that frame may still be drawn.
    free: Vec<TextureId>,
}

impl TestRenderer for Textures {
    fn handle_delta(&mut self, delta: &mut TexturesDelta) {
        let kept = &mut *self.0.borrow_mut();
        for id in kept.free.drain(..) {
            kept.textures.remove(&id);
        }
        for (id, changes) in delta.set.drain() {
            for change in changes {
                let ImageData::Color(image) = change.image;
                let has_levels = change.options.mipmap_mode.is_some();
                match (change.pos, kept.textures.get_mut(&id)) {
                    (Some(place), Some(texture)) => texture.patch(place, &image),
                    _ => drop(kept.textures.insert(id, Texture::new(image.as_ref().clone(), has_levels))),
                }
            }
        }
        kept.free.extend(delta.free.drain());
    }
}

impl Texture {
    fn new(image: ColorImage, has_levels: bool) -> Self {
        let mut texture = Self { levels: vec![image], has_levels };
        texture.make_levels();
        texture
    }

    fn make_levels(&mut self) {
        self.levels.truncate(1);
        while self.has_levels && self.levels.last().is_some_and(|last| last.size[0].min(last.size[1]) > 1) {
            let last = &self.levels[self.levels.len() - 1];
            let size = [last.size[0] / 2, last.size[1] / 2];
            let at = |x: usize, y: usize| last.pixels[y * last.size[0] + x].to_array().map(u32::from);
            let pixels = (0..size[0] * size[1]).map(|index| {
                let (x, y) = (index % size[0] * 2, index / size[0] * 2);
                let four = [at(x, y), at(x + 1, y), at(x, y + 1), at(x + 1, y + 1)];
                let [r, g, b, a] =
                    std::array::from_fn(|part| (four.iter().map(|one| one[part]).sum::<u32>() / 4) as u8);
                Color32::from_rgba_premultiplied(r, g, b, a)
            });
            let pixels = pixels.collect();
            self.levels.push(ColorImage::new(size, pixels));
        }
    }

    fn patch(&mut self, [left, top]: [usize; 2], patch: &ColorImage) {
        let whole = &mut self.levels[0];
        for (row, pixels) in patch.pixels.chunks_exact(patch.size[0]).enumerate() {
            let start = (top + row) * whole.size[0] + left;
            whole.pixels[start..start + pixels.len()].copy_from_slice(pixels);
        }
        self.make_levels();
    }

    /// The copy for `texels` of the whole texture to a pixel.
    fn level(&self, texels: f32) -> &ColorImage {
        let level = texels.max(1.0).log2().round() as usize;
        &self.levels[level.min(self.levels.len() - 1)]
    }
}

/// The texture's colour at `uv`, of the four texels around it, `0..=255` each.
fn sampled(image: &ColorImage, uv: [f32; 2]) -> [f32; 4] {
    let [width, height] = image.size;
    let (x, y) = (uv[0] * width as f32 - 0.5, uv[1] * height as f32 - 0.5);
    let (left, top) = (x.floor(), y.floor());
    let (right_share, low_share) = (x - left, y - top);
    let clamped = |at: f32, most: usize| (at.max(0.0) as usize).min(most - 1);
    let at =
        |x: f32, y: f32| image.pixels[clamped(y, height) * width + clamped(x, width)].to_array().map(f32::from);
    let four = [at(left, top), at(left + 1.0, top), at(left, top + 1.0), at(left + 1.0, top + 1.0)];
    std::array::from_fn(|part| {
        let above = four[0][part] + (four[1][part] - four[0][part]) * right_share;
        let below = four[2][part] + (four[3][part] - four[2][part]) * right_share;
        above + (below - above) * low_share
    })
}

/// The picture of the frame that `ctx` has drawn into `output`, over `background`. What a view draws by OpenGL itself
/// is left out.
pub fn picture(
    ctx: &egui::Context,
    shapes: Vec<egui::epaint::ClippedShape>,
    textures: &Textures,
    background: Color32,
) -> ColorImage {
    let scale = ctx.pixels_per_point();
    let size = ctx.content_rect().size() * scale;
    let mut drawn = ColorImage::filled([size.x.round() as usize, size.y.round() as usize], background);
    let kept = textures.0.borrow();
    for piece in ctx.tessellate(shapes, scale) {
        let Primitive::Mesh(mesh) = &piece.primitive else { continue };
        if let Some(texture) = kept.textures.get(&mesh.texture_id) {
            draw_mesh(&mut drawn, mesh, texture, piece.clip_rect * scale, scale);
        }
    }
    drawn
}

fn draw_mesh(drawn: &mut ColorImage, mesh: &Mesh, texture: &Texture, clip: Rect, scale: f32) {
    let bounds = Rect::from_min_size(Pos2::ZERO, egui::vec2(drawn.size[0] as f32, drawn.size[1] as f32));
    let clip = Rect::from_min_max(clip.min.round(), clip.max.round()).intersect(bounds);
    if !clip.is_positive() {
        return;
    }
    for triangle in mesh.indices.chunks_exact(3) {
        let mut corners = [0, 1, 2].map(|corner| mesh.vertices[triangle[corner] as usize]);
        for corner in &mut corners {
            corner.pos *= scale;
        }
        draw_triangle(drawn, corners, texture, clip);
    }
}

/// Twice the area to the left of the line from `a` to `b`, as seen from `p`.
fn side(a: Pos2, b: Pos2, p: Pos2) -> f64 {
    let [ax, ay, bx, by, px, py] = [a.x, a.y, b.x, b.y, p.x, p.y].map(f64::from);
    (bx - ax) * (py - ay) - (by - ay) * (px - ax)
}

fn draw_triangle(drawn: &mut ColorImage, [a, mut b, mut c]: [Vertex; 3], texture: &Texture, clip: Rect) {
    let mut area = side(a.pos, b.pos, c.pos);
    if area < 0.0 {
        (b, c, area) = (c, b, -area);
    }
    let bounds = Rect::from_points(&[a.pos, b.pos, c.pos]).intersect(clip);
    if area == 0.0 || !bounds.is_positive() {
        return;
    }
    let whole = &texture.levels[0];
    let texel = |vertex: Vertex| Pos2::new(vertex.uv.x * whole.size[0] as f32, vertex.uv.y * whole.size[1] as f32);
    let texels = (side(texel(a), texel(b), texel(c)).abs() / area).sqrt() as f32;
    let image = texture.level(texels);
    let is_plain = a.uv == b.uv && b.uv == c.uv;
    let plain = sampled(image, [a.uv.x, a.uv.y]);
    // A pixel on an edge belongs to the triangle whose top or left edge it is, so that none is drawn twice.
    let owns = |from: Pos2, to: Pos2| to.y < from.y || (to.y == from.y && to.x > from.x);
    let edges = [(b.pos, c.pos), (c.pos, a.pos), (a.pos, b.pos)];
    let owned = edges.map(|(from, to)| owns(from, to));
    let mix = |shares: [f32; 3], of: [f32; 3]| shares[0] * of[0] + shares[1] * of[1] + shares[2] * of[2];
    let colours = [a, b, c].map(|vertex| vertex.color.to_array().map(f32::from));
    for y in bounds.min.y.floor() as usize..bounds.max.y.ceil() as usize {
        for x in bounds.min.x.floor() as usize..bounds.max.x.ceil() as usize {
            let centre = Pos2::new(x as f32 + 0.5, y as f32 + 0.5);
            let weights = edges.map(|(from, to)| side(from, to, centre));
            let is_inside = |edge: usize| weights[edge] > 0.0 || (weights[edge] == 0.0 && owned[edge]);
            if !((0..3).all(is_inside) && clip.contains(centre)) {
                continue;
            }
            let shares = weights.map(|weight| (weight / area) as f32);
            let stored = if is_plain {
                plain
            } else {
                let along = [mix(shares, [a.uv.x, b.uv.x, c.uv.x]), mix(shares, [a.uv.y, b.uv.y, c.uv.y])];
                sampled(image, along)
            };
            let source: [f32; 4] = std::array::from_fn(|part| {
                mix(shares, [colours[0][part], colours[1][part], colours[2][part]]) * stored[part] / 255.0
            });
            let pixel = &mut drawn.pixels[y * drawn.size[0] + x];
            *pixel = over(source, *pixel);
        }
    }
}

/// `source`, whose colour is already multiplied by its opacity, over `below`.
fn over(source: [f32; 4], below: Color32) -> Color32 {
    let through = 1.0 - source[3] / 255.0;
    let below = below.to_array().map(f32::from);
    let [r, g, b, a] =
        std::array::from_fn(|part| (source[part] + below[part] * through).round().clamp(0.0, 255.0) as u8);
    Color32::from_rgba_premultiplied(r, g, b, a)
}
