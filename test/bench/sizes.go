// How much of everything.

package main

import (
	"time"

	"github.com/plesk-operator/plesk-operator/test/hoster"
)

// sizes say how much is measured, and for how long.
type sizes struct {
	objects   int   // of the fleet that is in sync; a multiple of a family's size, as are those of growth
	growth    []int // the sizes that the fleet grows through
	lone      int   // new objects without children
	fresh     int   // new objects of which some lie in others, on a server that is nearly idle
	freshBusy int   // the same, on one with work to do

	poll         time.Duration // of every server's event log
	resyncPeriod time.Duration // of every server; longer than listLasts
	idlePolls    int           // how many are watched
	quiet        time.Duration // how long nothing happens when the operator has done everything

	timed       bool // figures are measured, too, that depend on the machine
	resyncEdits int  // of the fleet's resources while it resyncs
	outside     int  // changes of the fleet's objects on the server

	servers         int // side by side, of which three fall ill
	dead            int // servers
	neighbourRounds int // beside either, and twice as many alone
	neighbourEdits  int // of the healthy servers' resources, in each round
	neighbourPace   time.Duration
}

// fullObjects is the default size of the fleet.
const fullObjects = 5000

// full is what `make bench` measures.
func full(objects int) sizes {
	objects -= objects % (5 * hoster.FamilySize)
	return sizes{
		objects: objects, growth: []int{objects / 5, objects, 2 * objects}, lone: min(300, objects), fresh: min(1000, objects), freshBusy: min(400, objects),
		poll: 5 * time.Second, resyncPeriod: 75 * time.Second, idlePolls: 12, quiet: 3 * time.Second,
		timed: true, resyncEdits: 300, outside: 120,
		servers: 20, dead: 64, neighbourRounds: 4, neighbourEdits: 400, neighbourPace: 75 * time.Millisecond,
	}
}

// small is what the tests measure: what is counted, and so is the same on every machine.
func small() sizes {
	return sizes{
		objects: 200, growth: []int{200}, lone: 100,
		poll: 2 * time.Second, resyncPeriod: never, idlePolls: 3, quiet: 1500 * time.Millisecond,
	}
}
