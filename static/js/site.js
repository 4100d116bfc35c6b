// What the pages do beyond htmx, one behaviour a file. Everything works without it; nothing here holds state.
// collectstatic makes one file of all.

import "./has_script.js";
import "./submit_select.js";
import "./menu.js";
import "./show_password.js";
import "./copy.js";
import "./print.js";
import "./busy.js";
import "./waiting_line.js";
import "./csrf_token.js";
import "./problem.js";
import "./file_size.js";
import "./upload_progress.js";
import "./unsaved.js";
import "./selection.js";
import "./list_keys.js";
import "./drafts.js";
import "./save_state.js";
import "./reason.js";
import "./camera.js";
import "./rows.js";
import "./paste_lines.js";
