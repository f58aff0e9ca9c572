//! Puts the files of `static/` into the program: under an address that names their content, compressed once.

use std::{
    env, fs,
    io::{self, Write as _},
    path::Path,
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use sha2::{Digest as _, Sha256, Sha384};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=static");
    println!("cargo::rerun-if-changed=migrations");
    let out = env::var("OUT_DIR").map_err(io::Error::other)?;
    let mut list = vec!["[".to_owned()];
    let mut files: Vec<_> = fs::read_dir("static")?.collect::<Result<_, _>>()?;
    files.sort_by_key(fs::DirEntry::file_name);
    for file in files {
        let name = file.file_name().to_string_lossy().into_owned();
        let content_type = match Path::new(&name).extension().and_then(|extension| extension.to_str()) {
            Some("css") => "text/css; charset=utf-8",
            Some("js") => "text/javascript; charset=utf-8",
            Some("svg") => "image/svg+xml",
            _ => continue,
        };
        let body = fs::read(file.path())?;
        let digest = Sha256::digest(&body);
        let hash = u32::from_be_bytes([digest[0], digest[1], digest[2], digest[3]]);
        let integrity = format!("sha384-{}", STANDARD.encode(Sha384::digest(&body)));
        let mut compressed = brotli::CompressorWriter::new(Vec::new(), 4096, 11, 22);
        compressed.write_all(&body)?;
        fs::write(Path::new(&out).join(&name), &body)?;
        fs::write(Path::new(&out).join(format!("{name}.br")), compressed.into_inner())?;
        list.push(format!(
            "Asset {{ name: {name:?}, path: \"/static/{hash:08x}/{name}\", integrity: {integrity:?}, \
             content_type: {content_type:?}, body: include_bytes!({name:?}), brotli: include_bytes!(\"{name}.br\") }},"
        ));
    }
    list.push("]\n".to_owned());
    let list = list.join("\n");
    fs::write(Path::new(&out).join("assets.rs"), list)
}
