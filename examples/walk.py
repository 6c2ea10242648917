#!/usr/bin/env python3
"""A player over plain HTTP, in a page of Python without any package: python3 examples/walk.py [URL [NAME [PASSWORD]]]

Makes an account when there is none of that name, logs in, makes a character, enters the game, looks around, walks, says a line,
reads what was heard, and leaves. Written from docs/http.md; what it does works in any language that can post JSON.
"""
import json
import sys
import urllib.error
import urllib.request

# Seconds of walking to the right and down. At most two seconds ahead of the time are walked, also against a wall.
DIRECTIONS = [(0.4, 0), (0, 0.4), (-0.4, 0), (0, -0.4)]


class Refused(Exception):
    """What the node said no to: `code` is stable, the message is for people."""

    def __init__(self, error):
        super().__init__(error['message'])
        self.code = error['data']['code']


class Roost:
    """Calls methods by JSON-RPC 2.0. With a token every request is made by whose it is."""

    def __init__(self, url):
        self.url = url.rstrip('/') + '/rpc'
        self.token = None
        self.calls = 0

    def call(self, method, **params):
        self.calls += 1
        body = json.dumps({'jsonrpc': '2.0', 'id': self.calls, 'method': method, 'params': params})
        headers = {'content-type': 'application/json'}
        if self.token:
            headers['authorization'] = 'Bearer ' + self.token
        request = urllib.request.Request(self.url, body.encode(), headers)
        try:
            with urllib.request.urlopen(request, timeout=40) as response:
                answer = json.load(response)
        except urllib.error.HTTPError as error:
            # Not a request, or not for us: the body says why in the same form.
            answer = json.load(error)
        if 'error' in answer:
            raise Refused(answer['error'])
        return answer['result']


def log_in(roost, name, password):
    try:
        roost.call('auth.register', name=name, password=password)
        print(f'There is an account {name} now.')
    except Refused as refused:
        if refused.code != 'auth.taken':
            raise
    roost.token = roost.call('auth.login', name=name, password=password)['token']
    if not roost.call('character.list')['characters']:
        roost.call('character.create', name=name)
        print(f'It has a character {name} now.')


def look(roost, me):
    objects = roost.call('zone.objects')['objects']
    here = next(thing for thing in objects if thing['id'] == me)
    others = [thing for thing in objects if thing['id'] != me and thing.get('holder') is None]
    others.sort(key=lambda thing: (thing['x'] - here['x']) ** 2 + (thing['y'] - here['y']) ** 2)
    for thing in others[:5]:
        print(f"  {thing['name'] or thing['kind']} at {thing['x']:.1f}, {thing['y']:.1f}")
    return here


def walk(roost, here):
    """Some steps in the first direction that is free."""
    for dx, dy in DIRECTIONS:
        try:
            return roost.call('character.move', dx=dx, dy=dy)['object']
        except Refused as refused:
            if refused.code != 'object.blocked':
                raise
    return here


def main(url='http://127.0.0.1:3000', name='Robin', password='a robin sings in winter'):
    roost = Roost(url)
    info = roost.call('host.info')
    print(f"Roost {info['version']} with {len(info['methods'])} methods, playing {info['game']}.")
    log_in(roost, name, password)
    entered = roost.call('zone.enter')
    print(f"{entered['name']} is in {entered['zone']} and sees:")
    here = look(roost, entered['character'])
    there = walk(roost, here)
    print(f"Walked from {here['x']:.1f}, {here['y']:.1f} to {there['x']:.1f}, {there['y']:.1f}.")
    roost.call('chat.say', text='Hello from Python')
    for line in roost.call('chat.history')['lines']:
        print(f"  {line['name']}: {line['text']}")
    print(f"Left {roost.call('zone.leave')['zone']}.")
    roost.call('auth.logout')


if __name__ == '__main__':
    try:
        main(*sys.argv[1:4])
    except Refused as refused:
        sys.exit(f'{refused.code}: {refused}')
    except OSError as error:
        sys.exit(f'no answer: {error}')
    except ValueError as error:
        sys.exit(f'what answers there is no Roost node: {error}')
