// The soak as a test: a short one always, the long one where it is asked for.

package chaos

import (
	"context"
	"flag"
	"io"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"sigs.k8s.io/controller-runtime/pkg/log"
	"sigs.k8s.io/controller-runtime/pkg/log/zap"
)

var (
	long    = flag.Bool("chaos.long", false, "the long run: 1,000 objects, 50 kills")
	seed    = flag.Uint64("chaos.seed", 0, "replays the run with this seed; 0 draws one")
	objects = flag.Int("chaos.objects", 0, "another number of objects")
	edits   = flag.Int("chaos.edits", 0, "another number of edits")
	kills   = flag.Int("chaos.kills", -1, "another number of kills")
	rate    = flag.Float64("chaos.faults", -1, "another rate of faults")
)

func TestMain(m *testing.M) {
	log.SetLogger(zap.New(zap.WriteTo(io.Discard)))
	os.Exit(m.Run())
}

func TestSoak(t *testing.T) {
	if *seed == 0 {
		*seed = rand.Uint64N(1_000_000) // printed, so that the run can be repeated
	}
	c := Short(*seed)
	if *long {
		c = Long(*seed)
	}
	if *objects > 0 {
		c.Objects = *objects
	}
	if *edits > 0 {
		c.Edits = *edits
	}
	if *kills >= 0 {
		c.Kills = *kills
	}
	if *rate >= 0 {
		c.FaultRate = *rate
	}
	c.Log = t.Output()
	t.Logf("seed %d; to replay it: go test ./test/chaos -run TestSoak -chaos.seed=%d -chaos.long=%t", c.Seed, c.Seed, *long)
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute+c.StormWithin+c.SettleWithin) // a first build of the control plane takes minutes
	defer cancel()
	report, err := Run(ctx, c)
	if report != nil {
		if err := report.Print(t.Output()); err != nil {
			t.Error(err)
		}
		if n := len(report.Problems()); n > 0 {
			t.Errorf("%d things are not as they should be; the report lists them", n)
		}
	}
	if err != nil {
		t.Fatal(err)
	}
}
