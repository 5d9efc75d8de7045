// What a soak is made of: how much, how long, and which random choices.

// Package chaos lets a whole operator work while everything around it fails, and then counts what became of the objects.
//
// A run has the real control plane, simulated Plesk servers in this process, and two managers as processes of their own with
// leader election. While users edit their resources and somebody changes things on the servers by hand, answers are lost,
// leaders are killed, the API server and etcd crash, and a server is cut off. When all that has ended, everything has to be
// as the resources say: nothing twice, nothing lost, nothing of other owners touched.
package chaos

import (
	"errors"
	"io"
	"time"
)

// Config says what happens in a run. Seed decides every random choice: what exists, who edits what, which faults strike, when
// a leader is killed. How the processes interleave is not decided by it, so a replay has the same events, not the same instants.
type Config struct {
	Seed    uint64
	Servers int
	Objects int // custom resources on these servers, about
	Edits   int // changes by users and changes by hand on the servers

	Pace       time.Duration // between two edits
	Resync     time.Duration // of every object
	FaultRate  float64       // of all packets, while the storm lasts
	Kills      int           // of the leader, with SIGKILL
	Stops      int           // of the leader, with SIGTERM, as an upgrade does
	Outages    int           // of the API server, of etcd, of both, in turn
	BrokenLogs int           // how often a server's event log is emptied or rewound
	Partition  time.Duration // how long one server is cut off at least; 0: never

	StormWithin  time.Duration // for everything to have happened
	SettleWithin time.Duration // for everything to be in order afterwards

	Log io.Writer // receives what happens as it happens; nil: nothing is logged
}

// Short is a run for every day: about a minute.
func Short(seed uint64) Config {
	return Config{
		Seed: seed, Servers: 2, Objects: 50, Edits: 70,
		Pace: 300 * time.Millisecond, Resync: 10 * time.Second, FaultRate: 0.05, Kills: 3, Stops: 1, Outages: 1, BrokenLogs: 2, Partition: 4 * time.Second,
		StormWithin: 8 * time.Minute, SettleWithin: 4 * time.Minute, // on a busy machine
	}
}

// Long is the run that the promises are made for: 1,000 objects, 50 kills, ten to fifteen minutes.
func Long(seed uint64) Config {
	return Config{
		Seed: seed, Servers: 5, Objects: 1000, Edits: 1500,
		Pace: 300 * time.Millisecond, Resync: time.Minute, FaultRate: 0.05, Kills: 50, Stops: 10, Outages: 5, BrokenLogs: 15, Partition: 20 * time.Second,
		StormWithin: 25 * time.Minute, SettleWithin: 10 * time.Minute,
	}
}

func (c Config) validate() error {
	switch {
	case c.Servers < 1 || c.Objects < c.Servers*minObjectsPerServer:
		return errors.New("at least one server, and objects for each")
	case c.Partition > 0 && c.Servers < 2:
		return errors.New("a partition needs a neighbour that goes on")
	case c.FaultRate < 0 || c.FaultRate > 0.5:
		return errors.New("a fault rate is between 0 and 0.5")
	}
	return nil
}

// The pace of the managers and of their packets: short, so that much can happen. A leader that gives up has about as long to end,
// before its lease passes on, as with the defaults: a busy machine may need it.
const (
	leaseDuration = 7 * time.Second
	renewDeadline = 4 * time.Second
	retryPeriod   = 500 * time.Millisecond
	readTimeout   = 4 * time.Second
	writeTimeout  = 6 * time.Second
	answerTimeout = 4 * time.Second
	pollInterval  = 2 * time.Second // of the servers' health
	longestDelay  = 3 * time.Second // of an answer that is late, shorter than what the client waits
)

// The streams of random numbers that a seed begins, one for each part of a run, so that none disturbs the others.
const (
	streamFleet uint64 = iota + 1
	streamSchedule
	streamKills
	streamOutages
	streamFaults
	streamLogs
)
