#!/usr/bin/env python3
"""A game by turns over plain HTTP, in a page of Python without any package: python3 examples/relay.py [URL [NAME [MODE]]]

Start it twice. Both ask for a match, play five rounds of rock, paper, scissors over the relay, and say who has won. Written from
docs/matches.md and docs/turns.md; it works in any language that can post JSON.
"""
import json
import random
import sys
import time
import urllib.error
import urllib.request

ROUNDS = 5
BEATS = {'rock': 'scissors', 'paper': 'rock', 'scissors': 'paper'}


class Refused(Exception):
    """What the node said no to: `code` is stable, the message is for people."""

    def __init__(self, error):
        super().__init__(error['message'])
        self.code = error['code']


def call(url, method, **params):
    """Calls a method at its own address. An answer that gets lost is an OSError."""
    headers = {'content-type': 'application/json'}
    request = urllib.request.Request(f'{url}/rpc/{method}', json.dumps(params).encode(), headers)
    try:
        with urllib.request.urlopen(request, timeout=10) as response:
            return json.load(response)
    except urllib.error.HTTPError as error:
        raise Refused(json.load(error)['error'])


def find_match(url, ticket):
    """Waits for somebody to play with. Gives the relay of the match."""
    while True:
        status = call(url, 'match.status', ticket=ticket)
        if status['state'] in ('cancelled', 'over'):
            sys.exit(f"No match: {status['why']}")
        if status['state'] == 'started':
            break
        time.sleep(0.5)
    if not status['match']['relay']:
        sys.exit(f"The mode {status['mode']} is played in the zone {status['match']['zone']}, not over a relay.")
    return status['match']['relay']


class Relay:
    """A seat: texts go out once and come in once, in order, whatever gets lost on the way."""

    def __init__(self, url, seat):
        self.url, self.key = url, seat['key']
        self.counter = 0
        self.read = 0
        self.arrived = []

    def send(self, text=None):
        """Sends a text, or only asks. What has arrived is in `arrived` then."""
        step = {'key': self.key, 'counter': self.counter, 'read': self.read}
        if text is not None:
            step['text'] = text
        while True:
            try:
                answer = call(self.url, 'turn.send', **step)
                break
            except OSError:
                time.sleep(1)  # The same again, with the same counter: it is not taken twice.
        self.counter += 1
        for item in answer['texts']:
            if item['n'] > self.read:
                self.read = item['n']
                self.arrived.append(item['text'])

    def next(self):
        """Waits for the next text of the other one."""
        while not self.arrived:
            time.sleep(0.3)
            self.send()
        return self.arrived.pop(0)


def play(url, name, mode):
    wanted = {'name': name, 'mode': mode} if mode else {'name': name}
    ticket = call(url, 'match.find', **wanted)['ticket']
    try:
        print('Waiting for somebody to play with …', flush=True)
        seat = find_match(url, ticket)
        print(f"{name} plays against {seat['names'][1 - seat['seat']]}.", flush=True)
        play_rounds(Relay(url, seat))
        call(url, 'turn.quit', key=seat['key'])
    finally:
        give_up(url, ticket)


def give_up(url, ticket):
    """Also after Ctrl-C: else the name is taken until the node has waited long enough."""
    try:
        call(url, 'match.leave', ticket=ticket)
    except Refused as refused:
        if refused.code != 'match.not-started':
            raise
        call(url, 'match.cancel', ticket=ticket)


def play_rounds(relay):
    won = lost = 0
    for _ in range(ROUNDS):
        mine = random.choice(list(BEATS))
        relay.send(mine)
        theirs = relay.next()
        won += BEATS[mine] == theirs
        lost += BEATS[theirs] == mine
        print(f'  {mine} against {theirs}: {won} to {lost}', flush=True)
    print('You have won.' if won > lost else 'You have lost.' if lost > won else 'Nobody has won.')


if __name__ == '__main__':
    url, name, mode = [*sys.argv[1:4], *['http://127.0.0.1:3000', 'Ann', None][len(sys.argv[1:4]) :]]
    try:
        play(url.rstrip('/'), name, mode)
    except Refused as refused:
        sys.exit(f'{refused.code}: {refused}')
    except OSError as error:
        sys.exit(f'no answer: {error}')
    except KeyboardInterrupt:
        sys.exit('left')
