// From modality values to grey: PS3.3 C.11.2.1.2 and C.11.2.1.3, and VOI LUTs; and from grey to colours.

const FUNCTION_LINEAR: u32 = 0u;
const FUNCTION_LINEAR_EXACT: u32 = 1u;
const FUNCTION_SIGMOID: u32 = 2u;
const FUNCTION_TABLE: u32 = 3u;
const TABLE_WIDTH: u32 = 256u;

struct Grey {
    center: f32,
    width: f32,
    function_code: u32,
    inverted: u32,
    table_first: f32,
    table_last: f32,
    hatched: u32,
    // Row of the table where the colours of the levels begin; 0: grey.
    palette_row: u32,
}

fn display(grey: Grey, table: texture_2d<f32>, value: f32) -> f32 {
    var shown: f32;
    switch grey.function_code {
        case FUNCTION_LINEAR: {
            let middle = grey.center - 0.5;
            let half_width = (grey.width - 1.0) * 0.5;
            if value <= middle - half_width {
                shown = 0.0;
            } else if value > middle + half_width {
                shown = 1.0;
            } else {
                shown = (value - middle) / (grey.width - 1.0) + 0.5;
            }
        }
        case FUNCTION_LINEAR_EXACT: {
            if value <= grey.center - grey.width * 0.5 {
                shown = 0.0;
            } else if value > grey.center + grey.width * 0.5 {
                shown = 1.0;
            } else {
                shown = (value - grey.center) / grey.width + 0.5;
            }
        }
        case FUNCTION_SIGMOID: {
            // Beyond 80 the result is 0 or 1 in 32 bits, and exp would overflow.
            shown = 1.0 / (1.0 + exp(clamp(-4.0 * (value - grey.center) / grey.width, -80.0, 80.0)));
        }
        default: {
            let entry = u32(clamp(floor(value - grey.table_first + 0.5), 0.0, grey.table_last));
            shown = textureLoad(table, vec2<u32>(entry % TABLE_WIDTH, entry / TABLE_WIDTH), 0).x;
        }
    }
    shown = select(shown, 1.0 - shown, grey.inverted != 0u);
    // Rounded here, half up, so that every target rounds alike.
    return floor(shown * 255.0 + 0.5) / 255.0;
}

// The colour of a value. `display` gives whole levels, so that the half only takes up the rounding of 32 bits.
fn shown_colour(grey: Grey, table: texture_2d<f32>, value: f32) -> vec3<f32> {
    let level = display(grey, table, value);
    if grey.palette_row == 0u {
        return vec3<f32>(level);
    }
    let at = u32(level * 255.0 + 0.5);
    return vec3<f32>(
        textureLoad(table, vec2<u32>(at, grey.palette_row), 0).x,
        textureLoad(table, vec2<u32>(at, grey.palette_row + 1u), 0).x,
        textureLoad(table, vec2<u32>(at, grey.palette_row + 2u), 0).x,
    );
}
