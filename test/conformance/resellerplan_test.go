// The row of PleskResellerPlan.

package conformance

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	. "github.com/onsi/gomega"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	family "github.com/plesk-operator/plesk-operator/internal/controller/plan"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/resellerplan"
)

// otherAddress is the IPv6 address of a fresh simulator.
const otherAddress = "2001:db8::7"

var resellerPlanRow = row{
	kind: "PleskResellerPlan",
	is:   kind(family.ResellerPlan{}),
	can:  []capability{exporter, maker, lister, logged, normalizer, stateless, serverScoped, named, blamer, validator},
	prepare: func(s *site) {
		do(s, resellerplan.Add, resellerplan.AddRequest{Name: "neighbour", Limits: resellerLimit("max_cl", 3)})
	},
	object: func(s *site) v1alpha1.Object {
		p := &v1alpha1.PleskResellerPlan{Spec: v1alpha1.PleskResellerPlanSpec{
			CommonSpec: s.common(), PlanName: "birch-gold", ResellerAllowance: goldAllowance(),
			IPPool: &v1alpha1.PlanIPPool{Shared: []string{sharedAddress}, ExclusiveIPv4: new(int32(0))},
		}}
		p.Name = s.name + "-gold"
		return p
	},
	fields: slices.Concat(resellerPlans.fields(), []field{
		resellerPlanField("ipPool.shared", sharedAddress, sharedAddress+" "+otherAddress,
			func(p *v1alpha1.PleskResellerPlanSpec) { p.IPPool.Shared = []string{otherAddress, sharedAddress} },
			func(p *v1alpha1.PleskResellerPlanSpec) { p.IPPool.Shared = nil },
			func(p *resellerplan.GetResult) string { return sortedText(p.IPPool.Addresses) },
			otherAddress, func(v string) resellerplan.SetRequest {
				return resellerplan.SetRequest{IPPool: &resellerplan.IPPool{Addresses: []string{v}}}
			}),
		resellerPlanField("ipPool.exclusiveIPv4", "0", "1",
			func(p *v1alpha1.PleskResellerPlanSpec) { p.IPPool.ExclusiveIPv4 = new(int32(1)) },
			func(p *v1alpha1.PleskResellerPlanSpec) { p.IPPool.ExclusiveIPv4 = nil },
			func(p *resellerplan.GetResult) string { return strconv.Itoa(*p.IPPool.AllocateIPv4) },
			"2", func(string) resellerplan.SetRequest {
				return resellerplan.SetRequest{IPPool: &resellerplan.IPPool{AllocateIPv4: new(2)}}
			}),
	}),
	list: func(s *site) []external {
		var out []external
		for _, p := range findAll(s, resellerplan.Get, wholeResellerPlans(resellerplan.All())) {
			content, err := json.Marshal(p)
			s.Expect(err).NotTo(HaveOccurred())
			e := external{id: strconv.FormatInt(p.ID, 10), key: p.Name, guid: p.GUID, content: string(content)}
			if p.ExternalID != nil {
				e.mark = *p.ExternalID
			}
			out = append(out, e)
		}
		return out
	},
	guided:   true,
	numbered: "reseller-plan",
	example:  true,
	guises:   []guise{{name: "between blanks", here: set(func(p *v1alpha1.PleskResellerPlan) { p.Spec.PlanName = " birch-gold  " })}},
	plant: func(s *site, id string) []string {
		setResellerPlan(s, id, resellerplan.SetRequest{Limits: resellerLimit("max_cl", 47114711)})
		return []string{"47114711"}
	},
	rename:     rename{key: "birch-platinum", change: set(func(p *v1alpha1.PleskResellerPlan) { p.Spec.PlanName = "birch-platinum" })},
	impossible: resellerPlans.impossible(),
	marked:     true,
	add: func(s *site, differing bool, mark string) {
		req := resellerplan.AddRequest{
			Name: "birch-gold", Limits: resellerLimit("max_cl", 5), Permissions: resellerPermission("manage_dns", true),
			IPPool: &resellerplan.IPPool{Addresses: []string{sharedAddress}},
		}
		if req.Limits.Policy = goldPolicy(); differing {
			req.Limits.Limits[0].Value = 7
		}
		if mark != "" {
			req.ExternalID = &mark
		}
		do(s, resellerplan.Add, req)
	},
	mark: func(s *site, id, mark string) { setResellerPlan(s, id, resellerplan.SetRequest{ExternalID: &mark}) },
	remove: func(s *site, id string) {
		do(s, resellerplan.Del, xmlapi.FilterRequest{Filter: resellerplan.ByID(number(s, id))})
	},
}

// resellerPlans are the allowances of the kind.
var resellerPlans = allowances{
	in: func(o v1alpha1.Object) *v1alpha1.ResellerAllowance {
		return &o.(*v1alpha1.PleskResellerPlan).Spec.ResellerAllowance
	},
	read: func(s *site, id string) (*hosting.ResellerLimits, *hosting.ResellerPermissions) {
		p := resellerPlanOf(s, id)
		return p.Limits, p.Permissions
	},
	write: func(s *site, id string, l *hosting.ResellerLimits, p *hosting.ResellerPermissions) {
		setResellerPlan(s, id, resellerplan.SetRequest{Limits: l, Permissions: p})
	},
}

// resellerPlanField is a field of a reseller plan.
func resellerPlanField(name, initial, changed string, change, unset func(*v1alpha1.PleskResellerPlanSpec), read func(*resellerplan.GetResult) string,
	spoiled string, write func(value string) resellerplan.SetRequest,
) field {
	f := field{
		name: name, initial: initial, changed: changed,
		change: set(func(p *v1alpha1.PleskResellerPlan) { change(&p.Spec) }),
		unset:  set(func(p *v1alpha1.PleskResellerPlan) { unset(&p.Spec) }),
		read: func(s *site, id string) string {
			p := resellerPlanOf(s, id)
			return read(&p)
		},
	}
	return f.spoiling(spoiled, func(s *site, id, value string) { setResellerPlan(s, id, write(value)) })
}

// wholeResellerPlans asks for all that a reseller plan has.
func wholeResellerPlans(which xmlapi.Query) resellerplan.GetRequest {
	return resellerplan.GetRequest{Filter: which, Limits: &xmlapi.Empty{}, Permissions: &xmlapi.Empty{}, IPPool: &xmlapi.Empty{}}
}

// resellerPlanOf reads a reseller plan behind the operator's back.
func resellerPlanOf(s *site, id string) resellerplan.GetResult {
	return do(s, resellerplan.Get, wholeResellerPlans(resellerplan.ByID(number(s, id)).Query()))
}

// setResellerPlan changes a reseller plan behind the operator's back.
func setResellerPlan(s *site, id string, req resellerplan.SetRequest) {
	req.Filter = resellerplan.ByID(number(s, id))
	do(s, resellerplan.Set, req)
}

// sortedText is a set as one text.
func sortedText(set []string) string {
	return strings.Join(slices.Sorted(slices.Values(set)), " ")
}
