// The inventory: everything on a server that the operator's kinds are about, read past operator and network.

package chaos

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/customer"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/dns"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/serviceplan"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
)

type inventory struct {
	customers []customer.GetResult
	plans     []serviceplan.GetResult
	webspaces []webspace.GetResult
	zones     map[int64]*zone // by the subscription's id
}

// zone is the DNS zone of a subscription's main site.
type zone struct {
	State   dns.GetResult
	Records []string // "host type value", hosts relative to the zone, sorted
}

// every is all that can be asked about a subscription, its usage left out.
var every = webspace.Dataset{
	GenInfo: &xmlapi.Empty{}, Hosting: &xmlapi.Empty{}, Limits: &xmlapi.Empty{}, Preferences: &xmlapi.Empty{}, Performance: &xmlapi.Empty{},
	Subscriptions: &xmlapi.Empty{}, Permissions: &xmlapi.Empty{}, PlanItems: &xmlapi.Empty{}, PHPSettings: &xmlapi.Empty{}, Mail: &xmlapi.Empty{},
}

func takeInventory(ctx context.Context, d xmlapi.Doer) (*inventory, error) {
	customers := customer.Get.Call(customer.GetRequest{Filter: xmlapi.All(), Dataset: customer.Dataset{GenInfo: &xmlapi.Empty{}}})
	plans := serviceplan.Get.Call(serviceplan.GetRequest{Filter: xmlapi.All()})
	webspaces := webspace.Get.Call(webspace.GetRequest{Filter: xmlapi.All(), Dataset: every})
	records := dns.GetRec.Call(dns.GetRecRequest{Filter: xmlapi.All()})
	if err := d.Do(ctx, customers, plans, webspaces, records); err != nil {
		return nil, err
	}
	all := &inventory{zones: map[int64]*zone{}}
	var err error
	if all.customers, err = customers.All(); err != nil {
		return nil, err
	}
	if all.plans, err = plans.All(); err != nil {
		return nil, err
	}
	if all.webspaces, err = webspaces.All(); err != nil {
		return nil, err
	}
	rs, err := records.All()
	if err != nil {
		return nil, err
	}
	err = all.readZones(ctx, d, rs)
	return all, err
}

// readZones reads the state of all zones and sorts the records into them.
func (all *inventory) readZones(ctx context.Context, d xmlapi.Doer, records []dns.GetRecResult) error {
	names := map[int64]string{}
	var ids []int64
	for _, w := range all.webspaces {
		names[w.ID] = w.Data.GenInfo.ASCIIName
		ids = append(ids, w.ID)
	}
	if len(ids) == 0 {
		return nil
	}
	sites := dns.BySite(ids[0], ids[1:]...)
	states, err := dns.Get.All(ctx, d, dns.GetRequest{Filter: &sites, SOA: &xmlapi.Empty{}})
	if err != nil {
		return err
	}
	for _, s := range states {
		if s.SiteID != nil {
			all.zones[*s.SiteID] = &zone{State: s}
		}
	}
	for _, rec := range records {
		if rec.Data.SiteID == nil || all.zones[*rec.Data.SiteID] == nil {
			continue
		}
		z := all.zones[*rec.Data.SiteID]
		host := strings.TrimSuffix(rec.Data.Host, "."+names[*rec.Data.SiteID]+".")
		z.Records = append(z.Records, host+" "+rec.Data.Type+" "+rec.Data.Value)
	}
	for _, z := range all.zones {
		slices.Sort(z.Records)
	}
	return nil
}

// entries are all objects as JSON, by kind and id.
func (all *inventory) entries() (map[string]json.RawMessage, error) {
	out := map[string]json.RawMessage{}
	put := func(kind string, id int64, value any) error {
		data, err := json.Marshal(value)
		out[fmt.Sprintf("%s %d", kind, id)] = data
		return err
	}
	for _, c := range all.customers {
		if err := put("customer", c.ID, c.Data); err != nil {
			return nil, err
		}
	}
	for _, p := range all.plans {
		if err := put("plan", p.ID, p); err != nil {
			return nil, err
		}
	}
	for _, w := range all.webspaces {
		if err := put("subscription", w.ID, w.Data); err != nil {
			return nil, err
		}
		if err := put("zone", w.ID, all.zones[w.ID]); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// fieldChanges compares two objects field by field and names what differs, with the path.
func fieldChanges(before, after json.RawMessage) ([]string, error) {
	var was, is any
	if err := json.Unmarshal(before, &was); err != nil {
		return nil, err
	}
	if err := json.Unmarshal(after, &is); err != nil {
		return nil, err
	}
	b, a := map[string]string{}, map[string]string{}
	flatten("", was, b)
	flatten("", is, a)
	var out []string
	for path, value := range b {
		if now, there := a[path]; !there || now != value {
			out = append(out, fmt.Sprintf("%s: %q became %q", path, value, now))
		}
	}
	for path, value := range a {
		if _, there := b[path]; !there {
			out = append(out, fmt.Sprintf("%s: %q appeared", path, value))
		}
	}
	slices.Sort(out)
	return out, nil
}

func flatten(path string, value any, into map[string]string) {
	switch v := value.(type) {
	case map[string]any:
		for name, field := range v {
			flatten(path+"."+name, field, into)
		}
	case []any:
		for i, member := range v {
			flatten(fmt.Sprintf("%s[%d]", path, i), member, into)
		}
	default:
		into[path] = fmt.Sprint(v)
	}
}
