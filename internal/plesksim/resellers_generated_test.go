// Random packets about resellers, their plans, add-on plans and what belongs to them, denser than among all operations.

package plesksim

import (
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi/schema"
)

// After every packet pools, plans, owners and addresses agree.
func TestGeneratedResellerPackets(t *testing.T) {
	if *seed == 0 {
		*seed = rand.Uint64()
	}
	t.Logf("replay with -seed %d -packets %d", *seed, *packets)
	rnd := rand.New(rand.NewPCG(*seed, *seed))
	declarations := operationDeclarations()
	maps.DeleteFunc(declarations, func(name opName, _ *schema.Element) bool {
		links := name.operator == "webspace" && (name.operation == "add" || name.operation == "set" || strings.HasSuffix(name.operation, "-subscription"))
		return !links && !slices.Contains([]string{"reseller", "reseller-plan", "service-plan-addon", "customer", "ip"}, name.operator)
	})
	names := slices.SortedFunc(maps.Keys(declarations), func(a, b opName) int { return strings.Compare(a.String(), b.String()) })
	seen := outcomes{}
	var s *Server
	for i := range *packets {
		if i%packetsPerServer == 0 {
			s = furnishedServer(t, rnd)
		}
		name := names[rnd.IntN(len(names))]
		s.throw(t, rnd, randomPacket(rnd, s.state, name, declarations), seen)
		if t.Failed() {
			return
		}
	}
}
