//! Puts the files of `static/` into the program: under an address that names their content, compressed once. The
//! modules of `static/app/` become one script. Puts in the migrations of both databases, too.

use std::{
    env, fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use sha2::{Digest as _, Sha256, Sha384};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=static");
    println!("cargo::rerun-if-changed=migrations");
    let out = PathBuf::from(env::var("OUT_DIR").map_err(io::Error::other)?);
    let mut assets = vec![asset(&out, "app.js", "text/javascript; charset=utf-8", &script()?)?];
    for path in files_in("static")? {
        let content_type = match path.extension().and_then(|extension| extension.to_str()) {
            Some("css") => "text/css; charset=utf-8",
            Some("svg") => "image/svg+xml",
            _ => continue,
        };
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        assets.push(asset(&out, &name, content_type, &fs::read(&path)?)?);
    }
    fs::write(out.join("assets.rs"), format!("[\n{}\n]\n", assets.join("\n")))?;
    migrations(&out)
}

/// Writes the list of migrations: `NNNN_name.sql` of both databases, in order.
fn migrations(out: &Path) -> io::Result<()> {
    let root = env::var("CARGO_MANIFEST_DIR").map_err(io::Error::other)?;
    let folder = |database: &str| Path::new(&root).join("migrations").join(database);
    let mut list = vec!["[".to_owned()];
    for path in files_in("migrations/sqlite")? {
        let file = path.file_name().unwrap_or_default().to_string_lossy();
        let parts = file.strip_suffix(".sql").and_then(|name| name.split_once('_'));
        let Some((Ok(version), name)) = parts.map(|(version, name)| (version.parse::<i64>(), name)) else {
            return Err(io::Error::other(format!("{file} is not called NNNN_name.sql")));
        };
        let [sqlite, postgres] =
            ["sqlite", "postgres"].map(|database| folder(database).join(&*file).display().to_string());
        list.push(format!(
            "Migration {{ version: {version}, name: {name:?}, sqlite: include_str!({sqlite:?}), \
             postgres: include_str!({postgres:?}) }},"
        ));
    }
    list.push("]\n".to_owned());
    fs::write(out.join("migrations.rs"), list.join("\n"))
}

/// The modules of the script one after the other. They share one scope, and declare nothing outside of functions but
/// functions: so their order does not matter.
fn script() -> io::Result<Vec<u8>> {
    let modules: Vec<_> = files_in("static/app")?.iter().map(fs::read).collect::<Result<_, _>>()?;
    Ok(modules.join(&b'\n'))
}

/// What is in a folder, by name.
fn files_in(folder: &str) -> io::Result<Vec<PathBuf>> {
    let mut paths = fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}

/// Writes an asset where the program includes it, and returns the expression that does.
fn asset(out: &Path, name: &str, content_type: &str, body: &[u8]) -> io::Result<String> {
    let digest = Sha256::digest(body);
    let hash = u32::from_be_bytes([digest[0], digest[1], digest[2], digest[3]]);
    let integrity = format!("sha384-{}", STANDARD.encode(Sha384::digest(body)));
    let mut compressed = brotli::CompressorWriter::new(Vec::new(), 4096, 11, 22);
    compressed.write_all(body)?;
    fs::write(out.join(name), body)?;
    fs::write(out.join(format!("{name}.br")), compressed.into_inner())?;
    Ok(format!(
        "Asset {{ name: {name:?}, path: \"/static/{hash:08x}/{name}\", integrity: {integrity:?}, \
         content_type: {content_type:?}, body: include_bytes!({name:?}), brotli: include_bytes!(\"{name}.br\") }},"
    ))
}
