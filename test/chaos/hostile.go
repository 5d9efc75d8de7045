// A hostile server among the others, and event logs that do not go on where they were read to.

package chaos

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi/eventlog"
	"github.com/plesk-operator/plesk-operator/test/testbed"
)

// enemyName is the PleskServer of the hostile server; enemyObjects is how many resources wait for it.
const (
	enemyName    = "enemy"
	enemyObjects = 20
)

// makeEnemy registers a server that answers each packet in another hostile way, and resources that never become Ready there.
func (r *run) makeEnemy(ctx context.Context) error {
	srv, secrets := r.bed.Enemy(testbed.InTurn()).Server(namespace, enemyName)
	srv.Spec.EventPollInterval = metav1.Duration{Duration: pollInterval}
	srv.Spec.ResyncPeriod = metav1.Duration{Duration: r.Resync}
	for _, secret := range secrets {
		if err := r.create(ctx, secret); err != nil {
			return err
		}
	}
	if err := r.create(ctx, srv); err != nil {
		return err
	}
	for n := range enemyObjects {
		c := newFamily(&server{name: enemyName}, fmt.Sprintf("enemy-%d", n+1), nil, 1, nil).customer
		if err := r.create(ctx, unborn(c)); err != nil {
			return err
		}
		r.hostages = append(r.hostages, c)
	}
	return nil
}

// releaseHostages deletes the resources of the hostile server: nothing was created there, and nothing holds them.
func (r *run) releaseHostages(ctx context.Context) error {
	for _, c := range r.hostages {
		live := unborn(c)
		err := insist(ctx, "get "+named(c), func(ctx context.Context) error { return r.client.Get(ctx, client.ObjectKeyFromObject(live), live) })
		if err != nil {
			return err
		}
		if readiness(live) == "" {
			r.report.broken(lost, "%s is Ready on a server that answers nothing that it is asked", named(c))
		}
		if err := r.delete(ctx, live); err != nil {
			return err
		}
	}
	bounded, cancel := context.WithTimeout(ctx, r.SettleWithin)
	defer cancel()
	for _, c := range r.hostages {
		if err := r.awaitGone(bounded, c); err != nil {
			return err
		}
		r.report.count("resources of the hostile server, let go of")
	}
	return nil
}

// breakLogs empties or rewinds the event log of a server again and again, spread over the time of the edits: what happens around then is
// told by no log.
func (r *run) breakLogs(ctx context.Context) error {
	rng := rand.New(rand.NewPCG(r.Seed, streamLogs)) // chance in tests, repeatable
	between := r.Pace * time.Duration(r.Edits) / time.Duration(r.BrokenLogs+1)
	for range r.BrokenLogs {
		if err := pause(ctx, between); err != nil {
			return err
		}
		s := r.servers[rng.IntN(len(r.servers))]
		if rng.IntN(2) == 0 {
			s.plesk.RewindEvents(1 + rng.IntN(20))
			r.say("the event log of %s is rewound", s.name)
			r.report.count("event log rewound, as by a restore")
			continue
		}
		if _, err := eventlog.Get.All(ctx, s.plesk, eventlog.GetRequest{Options: &eventlog.Options{FlushSelectedRange: new(true)}}); err != nil {
			return err
		}
		r.say("the event log of %s is emptied", s.name)
		r.report.count("event log emptied")
	}
	return nil
}
