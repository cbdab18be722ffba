//! Brightness, contrast and gamma on the graphics card: the photo's textures are drawn through a table of 256 levels,
//! so that a photo of any size changes in the frame in which a slider moves, and no pixel is touched.
#![allow(unsafe_code, reason = "OpenGL is spoken through calls that are all unsafe")]

use std::sync::Arc;

use eframe::egui::{PaintCallback, PaintCallbackInfo, Rect, Shape, TextureId};
use eframe::egui_glow::{CallbackFn, Painter, ShaderVersion};
use eframe::glow::{self, HasContext as _};

use crate::display::Tone;

/// A textured rectangle on the screen, in points.
#[derive(Clone, Copy, Debug)]
pub struct Quad {
    pub texture: TextureId,
    pub rect: Rect,
    /// What of the texture.
    pub uv: Rect,
}

/// The program on the graphics card.
#[derive(Debug)]
pub struct ToneShader {
    program: glow::Program,
    /// Where OpenGL has them; older ones keep attributes without.
    vertex_array: Option<glow::VertexArray>,
    corners: glow::Buffer,
    table: glow::Texture,
}

const VERTEX: &str = "
uniform vec4 u_place;
uniform vec4 u_uv;
IN vec2 a_corner;
OUT vec2 v_uv;
void main() {
    gl_Position = vec4(mix(u_place.xy, u_place.zw, a_corner), 0.0, 1.0);
    v_uv = mix(u_uv.xy, u_uv.zw, a_corner);
}
";

const FRAGMENT: &str = "
uniform sampler2D u_photo;
uniform sampler2D u_table;
IN vec2 v_uv;
float shown(float stored) { return SAMPLE(u_table, vec2((stored * 255.0 + 0.5) / 256.0, 0.5)).r; }
void main() {
    vec3 stored = SAMPLE(u_photo, v_uv).rgb;
    COLOUR = vec4(shown(stored.r), shown(stored.g), shown(stored.b), 1.0);
}
";

/// The words by which versions of the language differ.
fn dialect(version: ShaderVersion, is_fragment: bool) -> String {
    let mut head = version.version_declaration().to_owned();
    if is_fragment && matches!(version, ShaderVersion::Es100 | ShaderVersion::Es300) {
        head +=
            "#ifdef GL_FRAGMENT_PRECISION_HIGH\nprecision highp float;\n#else\nprecision mediump float;\n#endif\n";
    }
    let (input, output, sample) = match (version, is_fragment) {
        (ShaderVersion::Gl140 | ShaderVersion::Es300, _) => ("in", "out", "texture"),
        (_, true) => ("varying", "varying", "texture2D"),
        (_, false) => ("attribute", "varying", "texture2D"),
    };
    head += &format!("#define IN {input}\n#define OUT {output}\n#define SAMPLE {sample}\n");
    head += match (is_fragment, sample) {
        (true, "texture") => "out vec4 f_colour;\n#define COLOUR f_colour\n",
        (true, _) => "#define COLOUR gl_FragColor\n",
        _ => "",
    };
    head
}

impl ToneShader {
    /// Makes the program.
    ///
    /// # Errors
    /// What the driver says when it does not take it.
    pub fn new(gl: &glow::Context) -> Result<Self, String> {
        let version = ShaderVersion::get(gl);
        let has_arrays = matches!(version, ShaderVersion::Gl140 | ShaderVersion::Es300);
        // SAFETY: the context is current while eframe creates the application; all that is made belongs to it.
        unsafe {
            let program = linked(gl, version)?;
            let vertex_array = if has_arrays { Some(gl.create_vertex_array()?) } else { None };
            let corners = gl.create_buffer()?;
            gl.bind_buffer(glow::ARRAY_BUFFER, Some(corners));
            let strip: Vec<u8> =
                [0.0_f32, 0.0, 1.0, 0.0, 0.0, 1.0, 1.0, 1.0].into_iter().flat_map(f32::to_ne_bytes).collect();
            gl.buffer_data_u8_slice(glow::ARRAY_BUFFER, &strip, glow::STATIC_DRAW);
            gl.bind_buffer(glow::ARRAY_BUFFER, None);
            let table = gl.create_texture()?;
            Ok(Self { program, vertex_array, corners, table })
        }
    }

    /// A shape that draws `quads` in `tone`, cut to `area`.
    pub fn shape(self: &Arc<Self>, area: Rect, quads: Vec<Quad>, tone: Tone) -> Shape {
        let (shader, table) = (Arc::clone(self), tone.table());
        let draw = move |info: PaintCallbackInfo, painter: &Painter| shader.draw(&info, painter, &quads, &table);
        Shape::Callback(PaintCallback { rect: area, callback: Arc::new(CallbackFn::new(draw)) })
    }

    fn draw(&self, info: &PaintCallbackInfo, painter: &Painter, quads: &[Quad], table: &[u8; 256]) {
        let gl = painter.gl();
        // SAFETY: egui calls this with its context current; what is bound here, it binds anew for its own shapes.
        unsafe {
            gl.use_program(Some(self.program));
            gl.disable(glow::BLEND);
            if let Some(vertex_array) = self.vertex_array {
                gl.bind_vertex_array(Some(vertex_array));
            }
            gl.bind_buffer(glow::ARRAY_BUFFER, Some(self.corners));
            gl.enable_vertex_attrib_array(0);
            gl.vertex_attrib_pointer_f32(0, 2, glow::FLOAT, false, 0, 0);
            gl.active_texture(glow::TEXTURE1);
            self.send_table(gl, table);
            gl.active_texture(glow::TEXTURE0);
            let uniform = |name| gl.get_uniform_location(self.program, name);
            gl.uniform_1_i32(uniform("u_photo").as_ref(), 0);
            gl.uniform_1_i32(uniform("u_table").as_ref(), 1);
            let (place_of, uv_of) = (uniform("u_place"), uniform("u_uv"));
            for quad in quads {
                let Some(texture) = painter.texture(quad.texture) else { continue };
                gl.bind_texture(glow::TEXTURE_2D, Some(texture));
                let [left, top, right, bottom] = clip_space(quad.rect, info);
                gl.uniform_4_f32(place_of.as_ref(), left, top, right, bottom);
                gl.uniform_4_f32(uv_of.as_ref(), quad.uv.min.x, quad.uv.min.y, quad.uv.max.x, quad.uv.max.y);
                gl.draw_arrays(glow::TRIANGLE_STRIP, 0, 4);
            }
            gl.disable_vertex_attrib_array(0);
            if self.vertex_array.is_some() {
                gl.bind_vertex_array(None);
            }
            gl.bind_buffer(glow::ARRAY_BUFFER, None);
        }
    }

    /// SAFETY: the context that made the program is current, and the table's own texture unit is active.
    unsafe fn send_table(&self, gl: &glow::Context, table: &[u8; 256]) {
        let rgba: Vec<u8> = table.iter().flat_map(|&level| [level, level, level, 255]).collect();
        // SAFETY: as above; the slice has as many bytes as the size says.
        unsafe {
            gl.bind_texture(glow::TEXTURE_2D, Some(self.table));
            for (name, value) in [
                (glow::TEXTURE_MIN_FILTER, glow::LINEAR),
                (glow::TEXTURE_MAG_FILTER, glow::LINEAR),
                (glow::TEXTURE_WRAP_S, glow::CLAMP_TO_EDGE),
                (glow::TEXTURE_WRAP_T, glow::CLAMP_TO_EDGE),
            ] {
                gl.tex_parameter_i32(glow::TEXTURE_2D, name, value as i32);
            }
            let pixels = glow::PixelUnpackData::Slice(Some(&rgba));
            let (format, kind) = (glow::RGBA, glow::UNSIGNED_BYTE);
            gl.tex_image_2d(glow::TEXTURE_2D, 0, format as i32, 256, 1, 0, format, kind, pixels);
        }
    }
}

/// SAFETY: the context is current.
unsafe fn linked(gl: &glow::Context, version: ShaderVersion) -> Result<glow::Program, String> {
    // SAFETY: as above; shaders are let go of once the program holds them.
    unsafe {
        let program = gl.create_program()?;
        for (kind, source) in [(glow::VERTEX_SHADER, VERTEX), (glow::FRAGMENT_SHADER, FRAGMENT)] {
            let shader = gl.create_shader(kind)?;
            gl.shader_source(shader, &(dialect(version, kind == glow::FRAGMENT_SHADER) + source));
            gl.compile_shader(shader);
            if !gl.get_shader_compile_status(shader) {
                return Err(gl.get_shader_info_log(shader));
            }
            gl.attach_shader(program, shader);
            gl.delete_shader(shader);
        }
        gl.bind_attrib_location(program, 0, "a_corner");
        gl.link_program(program);
        if gl.get_program_link_status(program) { Ok(program) } else { Err(gl.get_program_info_log(program)) }
    }
}

/// `[left, top, right, bottom]` from points to the viewport's -1 to 1, upwards: unrounded, so that the photo lies to
/// the hair where it lies without a tone, and outlines fit.
fn clip_space(rect: Rect, info: &PaintCallbackInfo) -> [f32; 4] {
    let viewport = info.viewport_in_pixels();
    let from_top = info.screen_size_px[1] as f32 - (viewport.from_bottom_px + viewport.height_px) as f32;
    let across =
        |x: f32| (x * info.pixels_per_point - viewport.left_px as f32) / viewport.width_px as f32 * 2.0 - 1.0;
    let down = |y: f32| 1.0 - (y * info.pixels_per_point - from_top) / viewport.height_px as f32 * 2.0;
    [across(rect.left()), down(rect.top()), across(rect.right()), down(rect.bottom())]
}

#[cfg(test)]
mod tests {
    use eframe::egui::{pos2, vec2};

    use super::*;

    #[test]
    fn the_viewport_spans_from_minus_one_to_one() {
        let viewport = Rect::from_min_size(pos2(100.0, 50.0), vec2(400.0, 200.0));
        let info =
            PaintCallbackInfo { viewport, clip_rect: viewport, pixels_per_point: 1.5, screen_size_px: [1200, 900] };
        assert_eq!(clip_space(viewport, &info), [-1.0, 1.0, 1.0, -1.0]);
        let half = Rect::from_min_max(viewport.min, viewport.center());
        assert_eq!(clip_space(half, &info), [-1.0, 1.0, 0.0, 0.0]);
    }
}
