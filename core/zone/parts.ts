/** The parts of a zone, each a file of its own, and who knows whom. What they do in a tick is in zone.ts. */
import { zoneItself } from '../contract/driver.ts';
import type { ObjectId } from '../contract/link.ts';
import { type Barred, createBarred } from './barred.ts';
import { type Booking, createBooking } from './booking.ts';
import { type Calls, createCalls } from './calls.ts';
import { createCosts, type ZoneCosts, zoneKind } from './costs.ts';
import { createFrames, type Frames } from './frame.ts';
import { createIds, type Ids } from './ids.ts';
import { createIsolate } from './isolate.ts';
import { toLoadIn } from './load-in.ts';
import { createNews, type News } from './news.ts';
import { createObjects, type Objects } from './objects.ts';
import { createPassage, type Passage } from './passage.ts';
import { createPostponed, type Postponed } from './postponed.ts';
import { createPrograms, type Programs } from './programs.ts';
import { createReporter, type MakeReport } from './reporter.ts';
import { createReports, type Reports } from './reports.ts';
import { createRequests, type Requests } from './requests.ts';
import { createSaver, type Saver } from './saver.ts';
import { createSpace, type Space } from './space.ts';
import { createSteering, type Steering } from './steering.ts';
import { createStrides, type Strides } from './strides.ts';
import { createThrottles, type Throttles } from './throttles.ts';
import { createTimers, type Timers } from './timers.ts';
import type { ZoneOptions } from './turns.ts';
import { createWork, type Work } from './work.ts';

export type Parts = {
  readonly load: ZoneOptions['load'];
  /** Number and Unix seconds of the last tick. */
  readonly now: Moment;
  /** A tick begins, or the zone goes on from one. */
  at(now: Moment): void;
  /** The truth. */
  readonly objects: Objects;
  readonly timers: Timers;
  readonly saver: Saver;
  readonly ids: Ids;
  /** Where it is, and the verbs that change that. */
  readonly space: Space;
  /** What runs in it. */
  readonly programs: Programs;
  readonly throttles: Throttles;
  readonly costs: ZoneCosts;
  readonly booking: Booking;
  /** In. */
  readonly passage: Passage;
  readonly steering: Steering;
  readonly strides: Strides;
  readonly barred: Barred;
  readonly postponed: Postponed;
  readonly work: Work;
  readonly news: News;
  /** Out. */
  readonly frames: Frames;
  readonly calls: Calls;
  readonly requests: Requests;
  readonly reports: Reports;
  readonly makeReport: MakeReport;
  /** Makes a report and has it told. */
  report(...about: Parameters<MakeReport>): void;
};

type Moment = { readonly tick: number; readonly time: number };

export function createParts(options: ZoneOptions): Parts {
  const { load, clock, mostObjects } = options;
  const { saved, content } = load;
  let now: Moment = { tick: saved.tick, time: saved.objects.reduce((latest, row) => Math.max(latest, row.changed), 0) };

  const objects = createObjects();
  const timers = createTimers(saved.timers);
  const saver = createSaver(saved, objects, timers);
  const ids = createIds(load.ids, saved.populated ? 0 : content.mapObjects.length);
  const news = createNews(objects);
  const calls = createCalls();
  const reports = createReports();
  const programsNow = () => parts.programs;
  const makeReport = createReporter({
    ...{ zone: load.zone, objects, tick: () => now.tick, programs: () => programsNow().list },
  });
  const throttles = createThrottles();
  const costs = createCosts(
    (kind) => programsNow().kinds.has(kind) || kind === zoneKind || objects.all().some((thing) => thing.kind === kind),
    throttles.isOn,
  );
  const booking = createBooking(costs, objects, clock);
  const frames = createFrames({
    ...load,
    units: content.units,
    objects,
    shape: (thing) => space.scene.bodies.shape(thing),
    look: (thing) => thing.look ?? programsNow().kinds.get(thing.kind)?.look ?? null,
  });
  const space = createSpace(content, { objects, timers, frames, ids, mostObjects }, options);
  const scriptsOf = (id: ObjectId) => {
    const thing = objects.find(id);
    return thing ? [thing.kind, ...thing.scripts] : id === zoneItself ? [space.content.spec.name] : [];
  };
  const barred = createBarred(scriptsOf);
  const isDurable = (script: string, method: string) =>
    programsNow()
      .kinds.get(script)
      ?.methods.some(({ name, durable }) => name === method && durable) === true;
  const passage = createPassage({
    ...{ space, calls, news, barred, line: saver.line },
    kinds: () => programsNow().kinds,
  });
  const { connected } = passage;
  const steering = createSteering({ space, news, frames, connected, hearing: () => programsNow().hearing });
  const isolate = createIsolate({
    ...options,
    input: (programs, reason) => toLoadIn(parts, programs, reason),
    onEntry: booking.entry,
  });

  const others: Omit<Parts, 'programs'> = {
    load,
    get now() {
      return now;
    },
    at(moment) {
      now = moment;
      objects.at(moment.tick, moment.time);
    },
    ...{ objects, timers, saver, ids, space, throttles, costs, booking },
    ...{
      passage,
      steering,
      strides: createStrides({ space, news, calls, paceOf: steering.paceOf }),
      barred,
      postponed: createPostponed(scriptsOf, isDurable),
      work: createWork(saved.pending),
      news,
    },
    ...{ frames, calls, requests: createRequests(ids), reports, makeReport },
    report: (...about) => reports.add(makeReport(...about)),
  };
  const parts: Parts = Object.assign(others, { programs: createPrograms(others, isolate) });
  return parts;
}
