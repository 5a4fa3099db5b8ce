"""What does in Python what MongoDB does, behind MongoDB's own library for servers that are none.

It is told which mechanism its only user has and where a certificate is, and tells three ports: of a server that takes writes, of one
that says which does, and of one that encrypts.
"""
import base64, hashlib, hmac, os, socket, ssl, sys, threading
try:
    import bson, bson.raw_bson, mockupdb, mongomock
except ImportError:
    sys.exit(77)

MECHANISM, CERTIFICATE = sys.argv[1], sys.argv[2]
HASH = hashlib.sha1 if MECHANISM == "SCRAM-SHA-1" else hashlib.sha256
# The password with its Roman nine in two letters, as RFC 4013 prepares it; the older mechanism takes it as it is.
PASSWORD = "hunter2 IX"
if MECHANISM == "SCRAM-SHA-1":
    PASSWORD = hashlib.md5("ada:mongo:hunter2 \u2168".encode()).hexdigest()
store, lock = mongomock.MongoClient(), threading.Lock()
cursors, talks, known = {}, {}, set()


class Refused(Exception):
    def __init__(self, code, name, message):
        self.reply = {"ok": 0.0, "code": code, "codeName": name, "errmsg": message}


def sign(key, said):
    return hmac.new(key, said, HASH).digest()


def sign_in(who, command):
    said = bytes(command["payload"]).decode()
    failed = Refused(18, "AuthenticationFailed", "Authentication failed.")
    if "saslStart" in command:
        bare = said.split(",", 2)[2]
        user, nonce = (field[2:] for field in bare.split(","))
        if command["mechanism"] != MECHANISM or command["$db"] != "admin" or user != "ada":
            raise failed
        salt = os.urandom(16)
        challenge = f"r={nonce}more,s={base64.b64encode(salt).decode()},i=4096"
        talks[who] = (salt, bare + "," + challenge)
        return {"ok": 1, "conversationId": 1, "done": False, "payload": challenge.encode()}
    if said == "":
        known.add(who)
        return {"ok": 1, "conversationId": 1, "done": True, "payload": b""}
    salt, first = talks[who]
    without_proof, proof = said.rsplit(",p=", 1)
    salted = hashlib.pbkdf2_hmac(HASH().name, PASSWORD.encode(), salt, 4096)
    whole = (first + "," + without_proof).encode()
    client = sign(salted, b"Client Key")
    expected = bytes(a ^ b for a, b in zip(client, sign(HASH(client).digest(), whole)))
    if base64.b64decode(proof) != expected:
        raise failed
    last = b"v=" + base64.b64encode(sign(sign(salted, b"Server Key"), whole))
    # The older one waits for a last word.
    waits = MECHANISM == "SCRAM-SHA-1"
    if not waits:
        known.add(who)
    return {"ok": 1, "conversationId": 1, "done": not waits, "payload": last}


def batch(name, documents, size):
    first, rest = documents[:size], documents[size:]
    number = 0
    if rest:
        number = len(cursors) + (1 << 40)
        cursors[number] = rest
    return {"ok": 1.0, "cursor": {"id": bson.Int64(number), "ns": name, "firstBatch": first}}


def insert(place, documents, ordered):
    errors = []
    for index, one in enumerate(documents):
        try:
            place.insert_one(one)
        except mongomock.DuplicateKeyError as error:
            errors.append({"index": index, "code": 11000, "errmsg": str(error)})
            if ordered:
                break
    return {"ok": 1.0, "n": len(documents) - len(errors), **({"writeErrors": errors} if errors else {})}


def run(command):
    name, collection = next(iter(command.items()))
    if name == "getMore":
        number, size = collection, command["batchSize"]
        more, cursors[number] = cursors[number][:size], cursors[number][size:]
        left = bson.Int64(number if cursors[number] else 0)
        return {"ok": 1.0, "cursor": {"id": left, "ns": "x", "nextBatch": more}}
    if name == "listCollections":
        return batch("x", [], 1)
    assert "maxTimeMS" in command, command
    place = store[command["$db"]][collection]
    full = command["$db"] + "." + collection
    if collection == "forbidden":
        raise Refused(13, "Unauthorized", "not authorized on shop to execute command")
    if name == "find":
        if "$odd" in command["filter"]:
            raise Refused(2, "BadValue", "unknown top level operator: $odd")
        found = place.find(command["filter"], command.get("projection"))
        if "sort" in command:
            found = found.sort(list(command["sort"].items()))
        found = found.skip(command.get("skip", 0)).limit(command.get("limit", 0))
        return batch(full, list(found), command["batchSize"])
    if name == "aggregate":
        return batch(full, list(place.aggregate(command["pipeline"])), command["cursor"]["batchSize"])
    if name == "insert":
        return insert(place, command["documents"], command["ordered"])
    if name == "delete":
        return {"ok": 1.0, "n": sum(place.delete_many(one["q"]).deleted_count for one in command["deletes"])}
    if name == "update":
        for one in command["updates"]:
            place.update_one(one["q"], one["u"], upsert=one["upsert"])
        return {"ok": 1.0, "n": 1}
    if name == "findAndModify":
        change, upsert = command["update"], command["upsert"]
        act = place.find_one_and_update if "$set" in change else place.find_one_and_replace
        return {"ok": 1.0, "value": act(command["query"], change, upsert=upsert)}
    raise Refused(59, "CommandNotFound", "no such command: '" + name + "'")


def handler(server, hello):
    def handle(request):
        command, who = request.doc, (server, request.client_port)
        name = request.command_name
        if name == "killCursors":
            return request.replies({"ok": 1})
        try:
            if name in ("hello", "isMaster"):
                # Servers of old times know it by another word.
                if name == "hello" and MECHANISM == "SCRAM-SHA-1":
                    raise Refused(59, "CommandNotFound", "no such command: 'hello'")
                return request.replies({**hello(), "saslSupportedMechs": [MECHANISM], "ok": 1.0})
            if name.startswith("sasl"):
                return request.replies(sign_in(who, command))
            if who not in known:
                raise Refused(13, "Unauthorized", "command " + name + " requires authentication")
            if command[name] == "hangup":
                return request.hangup()
            if command[name] == "slow":
                return True
            if command[name] == "endless":
                deep = bson.encode({})
                for _ in range(300):
                    deep = (len(deep) + 8).to_bytes(4, "little") + b"\x03a\0" + deep + b"\0"
                batch_of = bson.raw_bson.RawBSONDocument(deep)
                return request.replies({"ok": 1, "cursor": {"id": bson.Int64(0), "firstBatch": [batch_of]}})
            with lock:
                reply = run(command)
            return request.replies(reply)
        except Refused as refused:
            return request.replies(refused.reply)
        except Exception as error:
            return request.replies({"ok": 0.0, "code": 8, "errmsg": repr(error)})
    return handle


writes, reads = mockupdb.MockupDB(), mockupdb.MockupDB()
member = {"setName": "rs", "maxWireVersion": 21, "minWireVersion": 0}
places = lambda: [f"localhost:{writes.port}", f"localhost:{reads.port}"]
primary = lambda: {**member, "ismaster": True, "isWritablePrimary": True, "hosts": places(), "primary": places()[0]}
writes.autoresponds(handler("writes", primary))
other = lambda: {**member, "ismaster": False, "isWritablePrimary": False, "secondary": True, "hosts": places(), "primary": places()[0]}
reads.autoresponds(handler("reads", other))
writes.run()
reads.run()


def encrypted():
    """The library's own certificate is of another age, so that it is encrypted here."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(os.path.join(CERTIFICATE, "server.pem"), os.path.join(CERTIFICATE, "server.key"))
    listener = socket.create_server(("127.0.0.1", 0))

    def pump(near, far):
        try:
            while data := near.recv(65536):
                far.sendall(data)
        except OSError:
            pass
        for one in (near, far):
            try:
                one.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def accept():
        while True:
            near, _ = listener.accept()
            try:
                near = context.wrap_socket(near, server_side=True)
                far = socket.create_connection(("localhost", writes.port))
            except OSError:
                continue
            threading.Thread(target=pump, args=(near, far), daemon=True).start()
            threading.Thread(target=pump, args=(far, near), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    return listener.getsockname()[1]


print(writes.port, reads.port, encrypted(), flush=True)
threading.Event().wait()
