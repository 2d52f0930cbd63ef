"""Two handlers: one counts words, one looks over the rows of a batch.  ERRAND_URL=… ERRAND_TOKEN=… python3 worker.py"""
from errand_worker import Rejected, run


def count(job):
    words = (job.input or {}).get("text")
    if not isinstance(words, str):
        raise Rejected("the input needs a text")
    job.log(f"attempt {job.attempt} counts")
    job.progress(completed=1, total=1)
    return {"words": len(words.split()), "by": "python"}


def check(job):
    rows = failed = 0
    for index, row in job.items():
        if job.stop.is_set():
            return None
        good = str(row.get("name", "")).strip() != ""
        job.report([{"index": index, "status": "succeeded", "result": {"name": row["name"]}} if good
                    else {"index": index, "status": "failed", "error": {"code": "no-name", "message": "the row has no name"}}])
        rows, failed = rows + 1, failed + (not good)
    return {"rows": rows, "failed": failed}


run({"text.count": count, "rows.check": check})
