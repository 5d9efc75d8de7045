// Servers full of random but valid things.

package export

import (
	"fmt"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/plesk-operator/plesk-operator/internal/controller"
	"github.com/plesk-operator/plesk-operator/internal/controller/controllertest"
	"github.com/plesk-operator/plesk-operator/internal/export/exporttest"
)

// Whatever a server is full of, every object is described so that nothing would change, and nothing is written.
func TestRandomServersAreDescribedWhole(t *testing.T) {
	met := map[string]int{} // over all seeds
	for seed := range uint64(12) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			g := NewWithT(t)
			srv, client := controllertest.Simulated(t)
			if err := exporttest.Random(t.Context(), srv, seed, 8); err != nil {
				t.Fatal(err)
			}
			srv.ResetStats()
			r := exported(t, client)
			g.Expect(r.Troubles).To(BeEmpty())
			g.Expect(srv.Stats().Writes).To(BeZero())
			kinds := map[string]int{}
			for _, o := range r.Objects {
				kinds[o.Kind]++
			}
			for _, k := range controller.Exports() {
				if k.Why == "" {
					met[k.Kind] += kinds[k.Kind]
				}
			}
			g.Expect(kinds).To(And(HaveKeyWithValue("PleskCustomer", 8), HaveKeyWithValue("PleskSubscription", 8)))
		})
	}
	for kind, n := range met {
		if n == 0 {
			t.Errorf("no server has a %s", kind)
		}
	}
}

// BenchmarkTenThousandObjects : an export of a large server, with the simulator in the same process, has to stay below a minute.
func BenchmarkTenThousandObjects(b *testing.B) {
	srv, client := controllertest.Simulated(b)
	if err := exporttest.Random(b.Context(), srv, 1, 1550); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		r := exported(b, client)
		if len(r.Troubles) > 0 || len(r.Objects) < 10_000 {
			b.Fatalf("%d objects, %v", len(r.Objects), r.Troubles)
		}
	}
}
