"""A follower written from docs/protocol.md alone, for Debian's python3-socketio.

usage: follow.py URL ZONE NAME SECONDS [packed]
Enters the zone, walks, follows it, asks for a snapshot now and then and compares, and prints what it sees as JSON:
{ "zone", "epoch", "tick", "self", "ack", "sums", "wrong", "compared", "differed", "packed",
  "objects": { id: {slot, kind, name, x, y, a, state} } }
"""
import asyncio
import json
import sys

import socketio

MASK = 0xFFFFFFFF


def mix(value):
    product = ((value ^ (value >> 16)) * 0x85EBCA6B) & MASK
    return product ^ (product >> 13)


def object_sum(slot, x, y, a):
    value = (slot * 0x9E3779B1) & MASK
    for number in (x, y, a):
        value = mix(value ^ (number & MASK))
    return value


def digit(char):
    return ord(char) - (36 if ord(char) > 92 else 35)


LETTERS = {'n': 'name', 'l': 'look', 'b': 'body', 'h': 'holder', 'z': 'scale', 'v': 'speed', 'o': 'owner', 'w': 'words', 'p': 'physical'}


class Picture:
    def __init__(self):
        self.zone = None
        self.epoch = self.tick = self.ack = -1
        self.self = None
        self.objects = {}
        self.slots = {}
        self.sums = self.wrong = self.compared = self.differed = self.packed = 0

    def put(self, wire):
        known = self.objects.get(wire['i'])
        if known:
            self.slots.pop(known['slot'], None)
        thing = {
            'id': wire['i'], 'slot': wire['s'], 'kind': wire['k'], 'name': wire.get('n', ''),
            'look': wire.get('l'), 'body': wire.get('b'), 'holder': wire.get('h'),
            'x': wire['x'], 'y': wire['y'], 'a': wire.get('a', 0), 'scale': wire.get('z', 1), 'speed': wire.get('v', 0),
            'owner': wire.get('o'), 'words': wire.get('w', []), 'physical': wire.get('p', 1), 'state': dict(wire.get('st', {})),
        }
        self.objects[thing['id']] = thing
        self.slots[thing['slot']] = thing

    def snapshot(self, data):
        """Replaces everything. One that was asked for says what is known already."""
        before = self.objects if (data['z'], data['e']) == (self.zone, self.epoch) else None
        self.zone, self.epoch, self.tick, self.self = data['z'], data['e'], data['t'], data['self']
        self.objects, self.slots = {}, {}
        for wire in data['o']:
            self.put(wire)
        if before is not None:
            self.compared += 1
            if before != self.objects:
                self.differed += 1

    def delta(self, data):
        """Applies a delta. False when the checksum differs."""
        if data['e'] != self.epoch:
            return True
        self.tick = data['t']
        for wire in data.get('in', []):
            self.put(wire)
        digits = [digit(char) for char in data.get('mv', '')]
        for at in range(0, len(digits), 5):
            high, low, dx, dy, da = digits[at:at + 5]
            thing = self.slots[91 * high + low]
            thing['x'] += dx - 45
            thing['y'] += dy - 45
            thing['a'] += da - 45
            self.packed += 1
        for change in data.get('ch', []):
            slot, dx, dy = change[:3]
            thing = self.slots[slot]
            thing['x'] += dx
            thing['y'] += dy
            if len(change) > 3:
                thing['a'] += change[3]
            if len(change) > 4:
                for key, value in change[4].items():
                    if key == 'st':
                        thing['state'].update(value)
                    elif key in LETTERS:
                        thing[LETTERS[key]] = value
        for slot in data.get('out', []):
            thing = self.slots.pop(slot, None)
            if thing:
                del self.objects[thing['id']]
        self.ack = data.get('ack', self.ack)
        if 'sum' in data:
            self.sums += 1
            total = sum(object_sum(o['slot'], o['x'], o['y'], o['a']) for o in self.objects.values()) & MASK
            return total == data['sum']
        return True


async def main(url, zone, name, seconds, moves='plain'):
    sio = socketio.AsyncClient(reconnection=False)
    picture = Picture()

    async def on_delta(data):
        if not picture.delta(data):
            picture.wrong += 1
            await sio.emit('zone.snapshot', {})

    sio.on('snapshot', picture.snapshot)
    sio.on('delta', on_delta)
    await sio.connect(url, auth={'moves': moves})
    answer = await sio.call('zone.enter', {'zone': zone, 'name': name})
    if not answer['ok']:
        sys.exit(answer['error']['code'])
    end = asyncio.get_running_loop().time() + float(seconds)
    seq = 0
    while asyncio.get_running_loop().time() < end:
        seq += 1
        await sio.emit('input', {'seq': seq, 'x': 1 if seq % 40 < 20 else -1, 'y': 0})
        if seq % 50 == 0:
            await sio.emit('zone.snapshot', {})
        await asyncio.sleep(0.05)
    await sio.emit('input', {'seq': seq + 1, 'x': 0, 'y': 0})
    # Whoever started us holds the world still and says so; an answer comes after everything that was sent before it.
    print('still', flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)
    await sio.call('zone.who', {})
    kept = {id: {key: o[key] for key in ('slot', 'kind', 'name', 'x', 'y', 'a', 'state')} for id, o in picture.objects.items()}
    print(json.dumps({
        'zone': picture.zone, 'epoch': picture.epoch, 'tick': picture.tick, 'self': picture.self, 'ack': picture.ack,
        'sums': picture.sums, 'wrong': picture.wrong, 'compared': picture.compared, 'differed': picture.differed, 'packed': picture.packed,
        'objects': kept,
    }), flush=True)
    await sio.disconnect()


asyncio.run(main(*sys.argv[1:]))
