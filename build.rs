//! Puts the files of `static/` into the program: under an address that names their content, compressed once. The
//! modules of `static/app/` become one script. The templates lose their indentation, which every page would repeat. Puts
//! in the migrations of both databases, too.

use std::{
    env, fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use sha2::{Digest as _, Sha256, Sha384};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=static");
    println!("cargo::rerun-if-changed=templates");
    // Missing where another checkout filled a target folder that both share.
    println!("cargo::rerun-if-changed={COMPLETE}");
    println!("cargo::rerun-if-changed=migrations");
    compact_templates()?;
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

/// Where `askama.toml` says that the templates are.
const COMPACT: &str = "target/templates";

/// Is there once all of them are.
const COMPLETE: &str = "target/templates.complete";

/// Writes the templates to where `askama.toml` says that they are, each line without its indentation: what lies on which
/// line stays, and so does a space wherever the lines put one. askama looks in a fixed folder only, not in `OUT_DIR`.
fn compact_templates() -> io::Result<()> {
    let (source, compact) = (Path::new("templates"), Path::new(COMPACT));
    for stale in files_below(compact)? {
        if !source.join(&stale).exists() {
            fs::remove_file(compact.join(stale))?;
        }
    }
    for path in files_below(source)? {
        let text = fs::read_to_string(source.join(&path))?;
        let lines: Vec<_> = text.split('\n').map(|line| line.trim_start_matches(' ')).collect();
        replace(&compact.join(path), &lines.join("\n"))?;
    }
    // Older than any run of this program, or cargo would run it again at each build.
    fs::File::create(COMPLETE)?.set_modified(SystemTime::UNIX_EPOCH + Duration::from_hours(24))
}

/// Replaces a file in one step when its text is another: builds of two profiles run this at the same time.
fn replace(path: &Path, text: &str) -> io::Result<()> {
    if fs::read_to_string(path).is_ok_and(|present| present == text) {
        return Ok(());
    }
    fs::create_dir_all(path.parent().unwrap_or(path))?;
    let new = path.with_extension(std::process::id().to_string());
    fs::write(&new, text)?;
    fs::rename(new, path)
}

/// The files of a folder and of the folders in it, by their paths from there; none without such a folder.
fn files_below(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![PathBuf::new()];
    while let Some(within) = folders.pop() {
        let at = folder.join(&within);
        if !at.exists() {
            continue;
        }
        for entry in fs::read_dir(at)? {
            let entry = entry?;
            let path = within.join(entry.file_name());
            if entry.file_type()?.is_dir() { folders.push(path) } else { found.push(path) }
        }
    }
    Ok(found)
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
