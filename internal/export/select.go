// Selection: which of what was found is described, and how references to the rest are written.

package export

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/plesk-operator/plesk-operator/internal/controller/form"
	"github.com/plesk-operator/plesk-operator/internal/controller/target"
	"github.com/plesk-operator/plesk-operator/internal/engine"
)

// domains are the kinds whose key is a domain name.
var domains = []string{"PleskSubscription", "PleskSite", "PleskSubdomain", "PleskSiteAlias"}

// choose selects. What is named and not on the server is an error: a name may be mistyped.
func (e *run) choose() error {
	e.chosen = map[*engine.Exportable]bool{}
	names := map[string]string{} // as they are named in the selection, by what they name
	for _, by := range []struct {
		what  string
		given []string
		key   func(string) string
	}{{"customer", e.Customers, target.LoginKey}, {"subscription", e.Subscriptions, domain}, {"domain", e.Domains, domain}, {"plan", e.Plans, strings.Clone}} {
		for _, name := range by.given {
			names[by.what+" "+by.key(name)] = fmt.Sprintf("%s %q", by.what, name)
		}
	}
	all := len(names) == 0
	matched := map[string]bool{}
	known := map[*engine.Exportable][]string{}
	matches := func(x *engine.Exportable) (is bool) {
		if _, ok := known[x]; !ok {
			known[x] = e.selectors(x)
		}
		for _, name := range known[x] {
			if names[name] != "" {
				matched[name], is = true, true
			}
		}
		return is
	}
	for kind, list := range e.found {
		for _, x := range list {
			is := slices.ContainsFunc(e.index.chain(x), matches) // also of a kind that is not wanted: what lies in it is chosen by it
			e.chosen[x] = e.wanted(kind) && (all || is)
		}
	}
	var missing []string
	for name, given := range names {
		if !matched[name] {
			missing = append(missing, given)
		}
	}
	if slices.Sort(missing); len(missing) > 0 && len(e.result.Troubles) == 0 {
		return errors.New(engine.ListNames("the server shows nothing of this selection:", missing))
	}
	return nil
}

// selectors are what a selection may call an object.
func (e *run) selectors(x *engine.Exportable) (out []string) {
	switch x.Kind {
	case "PleskCustomer":
		out = append(out, "customer "+x.Key.Name)
	case "PleskSubscription":
		out = append(out, "subscription "+x.Key.Name)
		out = append(out, e.plansOf(x)...)
	case "PleskServicePlan":
		out = append(out, "plan "+x.Key.Name)
	}
	if slices.Contains(domains, x.Kind) {
		out = append(out, "domain "+x.Key.Name)
	}
	return out
}

// plansOf are the service plans that a subscription is bound to, as a selection calls them. One that cannot be described is bound to none that could
// be told; that it cannot is said when it is tried.
func (e *run) plansOf(x *engine.Exportable) (out []string) {
	if len(e.Plans) == 0 {
		return nil
	}
	pointers, _ := x.Pointers()
	for _, p := range pointers {
		for _, to := range p.To {
			if plan := e.index.find(to, "PleskServicePlan"); plan != nil && plan.Kind == "PleskServicePlan" {
				out = append(out, "plan "+plan.Key.Name)
			}
		}
	}
	return out
}

// domain is a domain name as a key has it.
func domain(name string) string {
	ascii, err := form.DomainName(name)
	if err != nil {
		return strings.ToLower(name)
	}
	return ascii
}

// point names what a reference points at: by its manifest, or by its key on the server where it has none.
func (e *run) point(to engine.Owner, kinds []string) (engine.Mention, *engine.Resolved) {
	x := e.index.find(to, kinds...)
	if x == nil || !slices.Contains(kinds, x.Kind) {
		return engine.Mention{}, nil
	}
	is := &engine.Resolved{Kind: x.Kind, Identity: x.Identity, Key: x.Key, In: x.In}
	if e.chosen[x] && !e.failed[x] {
		return engine.Mention{Kind: x.Kind, Name: e.names[x]}, is
	}
	return engine.Mention{Kind: x.Kind, External: e.external(x)}, is
}

// external is the key of something by which it is found on its server: where that is unique within something else, with that before it.
func (e *run) external(x *engine.Exportable) string {
	if x.Key.Within == (engine.Identity{}) {
		return x.Key.Name
	}
	for _, k := range e.kinds {
		if k.Kind != x.Kind {
			continue
		}
		for _, in := range k.Targets {
			if slices.Contains(k.Parents, in) {
				continue
			}
			if p := e.index.find(engine.Owner{Kind: in, Identity: x.Key.Within}); p != nil {
				return p.Key.Name + "/" + x.Key.Name
			}
		}
	}
	return x.Key.Name
}

// folder is where a manifest belongs: to its customer, its reseller, or the server.
func (e *run) folder(x *engine.Exportable) string {
	chain := e.index.chain(x)
	for _, kind := range []string{"PleskCustomer", "PleskReseller"} {
		for _, around := range chain {
			if around.Kind == kind {
				return strings.ToLower(strings.TrimPrefix(kind, "Plesk")) + "s/" + e.nameOf(around)
			}
		}
	}
	return "server"
}
