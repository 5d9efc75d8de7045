// The tour: what the page of the plugin shows is what the commands print over a real API server, the operator and a simulated Plesk.

package cli

import (
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/cmd/kubectl-plesk/internal/fleet"
	"github.com/plesk-operator/plesk-operator/internal/plesksim"
	"github.com/plesk-operator/plesk-operator/test/hoster"
	"github.com/plesk-operator/plesk-operator/test/testbed"
)

var (
	age    = regexp.MustCompile(`\b[0-9]+[smhd]\b`)
	spaces = regexp.MustCompile(` +`)
)

// pattern is a shown text as an expression: … is anything on one line, ages are any, and columns are as wide as they need to be.
func pattern(shown string) *regexp.Regexp {
	text := regexp.QuoteMeta(spaces.ReplaceAllString(age.ReplaceAllString(shown, "0s"), " "))
	return regexp.MustCompile("^" + strings.ReplaceAll(text, "…", ".*") + "$")
}

func normal(printed string) string {
	return spaces.ReplaceAllString(age.ReplaceAllString(printed, "0s"), " ")
}

// steps are the commands of a page's console blocks, with what it shows below each.
func steps(page string) (out [][2]string) {
	in := false
	for line := range strings.Lines(page) {
		switch {
		case strings.HasPrefix(line, "```"):
			in = line == "```console\n"
		case in && strings.HasPrefix(line, "$ "):
			out = append(out, [2]string{strings.TrimSpace(line[2:])})
		case in:
			out[len(out)-1][1] += line
		}
	}
	return out
}

func tour(t *testing.T, w *world) {
	walk(t, w, func(command string) bool { return !strings.Contains(command, inFleet) })
}

// walk carries out some of the commands that the page shows.
func walk(t *testing.T, w *world, some func(command string) bool) {
	t.Helper()
	page, err := os.ReadFile("../reference/head.md")
	if err != nil {
		t.Fatal(err)
	}
	walked := 0
	for _, s := range steps(string(page)) {
		args, ok := strings.CutPrefix(s[0], "kubectl plesk ")
		if !ok {
			t.Fatalf("%q is none of ours", s[0])
		}
		if !some(s[0]) {
			continue
		}
		walked++
		want := pattern(s[1])
		w.eventually(t, s[0], time.Minute, func() (string, bool) {
			r := w.run(t, "", strings.Fields(args)...)
			return r.out + r.err, r.failure == nil && want.MatchString(normal(r.out))
		})
	}
	if walked < 2 {
		t.Errorf("the page shows %d commands", walked)
	}
}

const (
	fleetNamespace = "fleet"
	inFleet        = "-n " + fleetNamespace
)

// fleetTour has the fleet of the bench, smaller: three servers, of which one is down, and a subscription that its server refuses.
func fleetTour(t *testing.T, w *world) {
	const families = 4
	w.namespace(t, fleetNamespace)
	create := func(all ...client.Object) {
		for _, o := range all {
			o.SetNamespace(fleetNamespace)
			w.create(t, o)
		}
	}
	create(hoster.Passwords(fleetNamespace, "correct-Horse.7"))
	var servers []*testbed.Simulator
	for i := range 3 {
		plesk, err := w.bed.Simulate(plesksim.Options{})
		if err != nil {
			t.Fatal(err)
		}
		servers = append(servers, plesk)
		name := fmt.Sprintf("web-1%d", i+1)
		w.serve(t, plesk, fleetNamespace, name)
		create(hoster.Plan(name))
		for n := range families {
			create(hoster.Family(name, i*families+n)...)
		}
	}
	w.eventually(t, "a fleet that is in sync", 2*time.Minute, func() (string, bool) {
		out := w.must(t, "", "status", "-n", fleetNamespace, "--output", "json").out
		var s fleet.Summary
		ready := 0
		err := json.Unmarshal([]byte(out), &s)
		for _, k := range s.Kinds {
			ready += k.Ready
		}
		return out, err == nil && ready == len(servers)*(1+families*hoster.FamilySize)
	})
	const wrong = 999
	refused := hoster.Subscription("web-12", wrong, families*hoster.CustomersPerFamily).(*v1alpha1.PleskSubscription)
	refused.Spec.IPAddresses = []string{"203.0.113.99"} // no server has it
	create(refused, hoster.MailAccount("web-12", wrong, wrong))
	servers[2].Stop()
	walk(t, w, func(command string) bool { return strings.Contains(command, inFleet) })
}
