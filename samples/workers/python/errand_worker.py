"""A worker for Errand in plain Python (3.9 or later, no packages): copy it, write handlers, call run()."""
import json, os, re, signal, socket, sys, threading, time, urllib.error, urllib.request


class LeaseLost(Exception):
    """Another worker may have the job: stop, nothing that is said about it counts any more."""


class Rejected(Exception):
    """Raise it from a handler to fail the job for good; any other exception is tried again."""


class Job:
    """One claimed job, for its handler. job.stop is set when it should end: canceled, lost, or the worker is over."""

    def __init__(self, worker, claim):
        self.worker, self.lease, self.claim = worker, claim["lease"], claim
        self.id, self.type, self.attempt, self.input = claim["job"]["id"], claim["job"]["type"], claim["job"]["attempt"], claim.get("input")
        self.stop, self.lost, self._news, self._gate = threading.Event(), False, {}, threading.Lock()

    def progress(self, completed=None, total=None, message=None):
        """Goes out with the next beat; the latest one wins."""
        with self._gate:
            self._news["progress"] = {k: v for k, v in dict(completed=completed, total=total, message=message).items() if v is not None}

    def log(self, text, severity="info"):
        """A line of the job's log; goes out with the next beat."""
        with self._gate:
            self._news.setdefault("messages", []).append({"text": text, "severity": severity})

    def items(self):
        """The (index, item) pairs that the job was submitted with and that no earlier attempt finished."""
        done, after = set(), -1
        while page := self._call("GET", f"/items?after={after}")["items"]:
            done.update(item["index"] for item in page)
            after = page[-1]["index"]
        for line in self._call("GET", "/inputs", stream=True):
            item = json.loads(line)
            if item["index"] not in done:
                yield item["index"], item["item"]

    def report(self, outcomes):
        """Stores outcomes of items: [{"index": 0, "status": "succeeded", "result": …}, …], up to 1,000 at once."""
        self._call("POST", "/items", {"lease": self.lease, "items": outcomes})

    def take_news(self):
        with self._gate:
            news, self._news = self._news, {}
        return {"lease": self.lease, **news}

    def give_back(self, news):
        """It did not come through: the next beat tells it."""
        with self._gate:
            self._news = {**news, **self._news, "messages": news.get("messages", []) + self._news.get("messages", [])}
            del self._news["lease"]

    def _call(self, method, path, body=None, stream=False):
        if self.lost:
            raise LeaseLost()
        status, answer = self.worker.call(method, self.worker.session + path, body, {"Errand-Lease": self.lease}, stream=stream)
        if status == 409 or status == 404:
            self.lost = True
            self.stop.set()
            raise LeaseLost()
        return answer


class Worker:
    def __init__(self, handlers, url=None, token=None, slots=4):
        self.handlers, self.slots = handlers, slots
        self.url, self.token = (url or os.environ["ERRAND_URL"]).rstrip("/"), token or os.environ["ERRAND_TOKEN"]
        self.session, self.jobs, self.gate, self.over, self.free = None, {}, threading.Lock(), threading.Event(), threading.Semaphore(slots)

    def run(self):
        """Works until SIGTERM or Ctrl-C; what runs then is finished first."""
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: self.over.set())
        while not self.over.is_set():
            try:
                self._open()
                beating = threading.Thread(target=self._beat, args=(self.session,), daemon=True)
                beating.start()
                while not self.over.is_set() and beating.is_alive():
                    self._claim()
            except OSError as problem:
                print(f"errand: {problem}; trying again", file=sys.stderr)
                self.over.wait(1)
            self._leave()

    def _leave(self):
        """Lets what runs end, then closes the session; nobody waits for its term."""
        while self.jobs:
            time.sleep(0.05)
        session, self.session = self.session, None
        try:
            if session:
                self.call("DELETE", session)
        except OSError:
            pass  # it ends by itself, without beats

    def call(self, method, path, body=None, headers=None, stream=False, timeout=60):
        """(status, answer). Busy servers and broken connections are OSErrors, to be tried again."""
        request = urllib.request.Request(self.url + path, method=method, data=None if body is None else json.dumps(body).encode(), headers={
            "Authorization": f"Bearer {self.token}", "Content-Type": "application/json", **(headers or {})})
        try:
            answer = urllib.request.urlopen(request, timeout=timeout)
        except urllib.error.HTTPError as error:
            if error.code in (404, 409):
                return error.code, None
            if error.code == 429 or error.code >= 500:
                raise OSError(f"{method} {path}: {error.code}") from error
            raise SystemExit(f"{method} {path}: {error.code} {error.read().decode()}") from error
        if stream:
            return answer.status, answer
        with answer:
            text = answer.read()
        return answer.status, json.loads(text) if text else None

    def _open(self):
        _, opened = self.call("POST", "/v1/worker-sessions", {
            "worker": f"{socket.gethostname()}:{os.getpid()}", "types": list(self.handlers), "slots": self.slots})
        self.session = f"/v1/worker-sessions/{opened['id']}"
        self.every, self.term = seconds(opened["beatEvery"]), seconds(opened["term"])

    def _beat(self, session):
        """Says that this worker lives. When the session is over, or no beat came through for its term, every job of it must stop."""
        last = time.monotonic()
        while session == self.session:
            with self.gate:
                running = list(self.jobs.values())
            news = [job.take_news() for job in running]
            try:
                status, told = self.call("POST", session + "/beat", {"all": True, "leases": news}, timeout=self.every * 3)
                last = time.monotonic() if status == 200 else last - self.term
            except OSError:
                told = None
                for job, said in zip(running, news):
                    job.give_back(said)
            if time.monotonic() - last >= self.term * 0.8:
                for job in running:
                    job.lost = True
                    job.stop.set()
                return
            for job in running if told else ():
                job.lost = job.lost or job.lease in told["lost"]
                if job.lost or job.lease in told["cancel"]:
                    job.stop.set()
            time.sleep(self.every)

    def _claim(self):
        if not self.free.acquire(timeout=0.2):
            return
        try:
            status, claimed = self.call("POST", self.session + "/claim", {"demands": [{"limit": 1}]}, {"Prefer": "wait=5"})
        except OSError as problem:  # were jobs claimed and the answer lost, the beats do not name them, and the server takes them back
            print(f"errand: {problem}; trying again", file=sys.stderr)
            self.over.wait(1)
            status = None
        if status != 200:
            self.free.release()
            return
        job = Job(self, claimed["jobs"][0])
        with self.gate:
            self.jobs[job.lease] = job
        threading.Thread(target=self._work, args=(job, self.session), daemon=True).start()

    def _work(self, job, session):
        try:
            outcome = {"outcome": "succeeded", "result": self.handlers[job.type](job)}
            if job.stop.is_set():
                outcome = {"outcome": "canceled"}
        except LeaseLost:
            outcome = None
        except Exception as problem:  # whatever a handler raises is the job's failure, not the worker's
            outcome = {"outcome": "failed", "error": {
                "code": type(problem).__name__.lower(), "message": str(problem) or "no message", "retryable": not isinstance(problem, Rejected)}}
        while outcome and not job.lost:
            news = job.take_news()
            try:
                self.call("POST", session + "/beat", {"leases": [news]})
                self.call("POST", session + "/settle", {"settlements": [{"lease": job.lease, **outcome}]})
                break
            except OSError:
                job.give_back(news)
                time.sleep(0.5)
        with self.gate:
            self.jobs.pop(job.lease, None)
        self.free.release()


def seconds(iso):
    """PT1S, PT0.5S, PT1M30S"""
    parts = re.fullmatch(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?)?", iso).groups("0")
    return sum(float(part) * unit for part, unit in zip(parts, (86400, 3600, 60, 1)))


def run(handlers, **settings):
    Worker(handlers, **settings).run()
