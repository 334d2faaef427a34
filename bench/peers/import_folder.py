"""The same import as a person would write it in Python: hash, header, copy by hash, one row each. Prints seconds as JSON.

Usage: import_folder.py SOURCE TARGET. Nothing is flushed to the disk but SQLite's own commit."""
import hashlib, json, os, shutil, sqlite3, sys, time
from concurrent.futures import ThreadPoolExecutor

import soundfile

source, target = sys.argv[1:3]
start = time.perf_counter()
media = os.path.join(target, "media")
for i in range(256):
    os.makedirs(os.path.join(media, f"{i:02x}"))
db = sqlite3.connect(os.path.join(target, "catalog.sqlite"))
db.execute("PRAGMA journal_mode = WAL")
db.execute("CREATE TABLE clips (sha TEXT PRIMARY KEY, name TEXT, label TEXT, speaker TEXT, take TEXT, rate INT, frames INT)")


def one(name):
    path = os.path.join(source, name)
    with open(path, "rb") as file:
        sha = hashlib.sha256(file.read()).hexdigest()
    info = soundfile.info(path)
    shutil.copyfile(path, os.path.join(media, sha[:2], sha + ".wav"))
    return (sha, name, *name[:-4].split("_"), info.samplerate, info.frames)


with ThreadPoolExecutor(os.cpu_count()) as pool:
    rows = list(pool.map(one, sorted(n for n in os.listdir(source) if n.endswith(".wav"))))
with db:
    db.executemany("INSERT OR IGNORE INTO clips VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
db.close()
print(json.dumps({"seconds": time.perf_counter() - start, "files": len(rows)}))
