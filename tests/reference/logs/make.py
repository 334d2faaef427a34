"""Writes logs.json: what TensorBoard's and W&B's own libraries write of one small run.

    python make.py   (tensorboard, wandb)
"""
import json, pathlib, tempfile
import tensorboard, wandb
from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.plugins.hparams.plugin_data_pb2 import HParamsPluginData
from tensorboard.summary.writer.record_writer import RecordWriter
from wandb.proto import wandb_internal_pb2 as pb

run = {
    "id": "20261127-231500-ab12", "name": "größer", "tags": ["raw", "x"], "note": "two\nlines", "group": "Seeds", "project": "digits", "startedAt": 1795820000.25, "finished": True,
    "settings": [["balanced", False]], "summary": {"test.accuracy": 0.93},
    "steps": [{"step": 10, "seconds": 1.5, "values": {"train.loss": 2.25}}, {"step": 300, "seconds": 40, "values": {"train.loss": 0, "validation.accuracy": 0.5}}],
}
begun, last = run["startedAt"], run["steps"][-1]

def session(tag, **content):
    value = Summary.Value(tag=tag)
    value.metadata.plugin_data.plugin_name = "hparams"
    value.metadata.plugin_data.content = HParamsPluginData(version=0, **content).SerializeToString(deterministic=True)
    return value

def start():
    data = HParamsPluginData()
    info = data.session_start_info
    for path, value in run["settings"]: info.hparams[path].bool_value = value
    info.group_name = run["group"]; info.start_time_secs = begun
    return {"session_start_info": info}

def end():
    data = HParamsPluginData()
    data.session_end_info.status = 1; data.session_end_info.end_time_secs = begun + last["seconds"]
    return {"session_end_info": data.session_end_info}

scalars = lambda values: [Summary.Value(tag=tag, simple_value=value) for tag, value in values.items()]
at = lambda seconds, step, *values: Event(wall_time=begun + seconds, step=step, summary=Summary(value=values))
events = [
    Event(wall_time=begun, file_version="brain.Event:2"), at(0, 0, session("_hparams_/session_start_info", **start())),
    *[at(s["seconds"], s["step"], *scalars(s["values"])) for s in run["steps"]],
    at(last["seconds"], last["step"], *scalars({f"result/{k}": v for k, v in run["summary"].items()})),
    at(last["seconds"], last["step"], session("_hparams_/session_end_info", **end())),
]
with tempfile.TemporaryDirectory() as folder:
    path = pathlib.Path(folder) / "events"
    with open(path, "wb") as file:
        writer = RecordWriter(file)
        for event in events: writer.write(event.SerializeToString(deterministic=True))
        writer.flush()
    tensorboard_file = path.read_bytes().hex() if path.exists() else ""

records = [pb.Record(header=pb.HeaderRecord(version_info=pb.VersionInfo(producer="0.30.0", min_consumer="0.11.0")))]
record = pb.RunRecord(run_id=run["id"], project=run["project"], run_group=run["group"], display_name=run["name"], notes=run["note"], tags=run["tags"])
for path, value in run["settings"]: record.config.update.add(nested_key=[path], value_json=json.dumps(value))
record.start_time.seconds, record.start_time.nanos = int(begun), 250_000_000
records.append(pb.Record(run=record))
for s in run["steps"]:
    history = pb.HistoryRecord(step=pb.HistoryStep(num=s["step"]))
    for key, value in {**s["values"], "_step": s["step"], "_runtime": s["seconds"], "_timestamp": begun + s["seconds"]}.items():
        history.item.add(nested_key=[key], value_json=json.dumps(value))
    records.append(pb.Record(history=history))
summary = pb.SummaryRecord()
for key, value in run["summary"].items(): summary.update.add(nested_key=[key], value_json=json.dumps(value))
records += [pb.Record(summary=summary), pb.Record(exit=pb.RunExitRecord(exit_code=0, runtime=last["seconds"]))]
for number, r in enumerate(records): r.num = number + 1

out = {"tensorboardVersion": tensorboard.__version__, "wandbVersion": wandb.__version__, "run": run, "tensorboard": tensorboard_file, "wandb": [r.SerializeToString(deterministic=True).hex() for r in records]}
pathlib.Path(__file__).with_name("logs.json").write_text(json.dumps(out) + "\n")
