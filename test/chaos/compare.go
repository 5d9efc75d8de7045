// What each kind of resource has to look like on the server, written from the meaning of its fields.

package chaos

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/customer"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/serviceplan"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
)

func (v *view) customer(f *family, o *v1alpha1.PleskCustomer) {
	c, ok := one(v, o, v.found.customers,
		func(c customer.GetResult) bool { return uidIn(c.Data.GenInfo.ExternalID) == string(o.UID) },
		func(c customer.GetResult) bool { return c.Data.GenInfo.Login == o.Spec.Login },
		func(c customer.GetResult) int64 { return c.ID })
	if !ok {
		return
	}
	g := c.Data.GenInfo
	v.differ(o, "contactName", &o.Spec.ContactName, g.ContactName)
	v.differ(o, "email", o.Spec.Email, g.Email)
	v.differ(o, "description", o.Spec.Description, g.Description)
	if a := o.Spec.Address; a != nil {
		v.differ(o, "address.city", a.City, g.City)
		v.differ(o, "address.street", a.Street, g.Address)
	}
	v.differ(o, "fax", o.Spec.Fax, g.Fax)
	v.differ(o, "status", new("Active"), xmlapi.Status(g.Status).String())
	if f.phone != "" {
		v.differ(o, "phone (set by hand, managed by nobody)", &f.phone, g.Phone)
	}
}

func (v *view) plan(o *v1alpha1.PleskServicePlan) {
	p, ok := one(v, o, v.found.plans,
		func(p serviceplan.GetResult) bool { return uidIn(deref(p.ExternalID)) == string(o.UID) },
		func(p serviceplan.GetResult) bool { return p.Name == o.Spec.PlanName },
		func(p serviceplan.GetResult) int64 { return p.ID })
	if ok {
		v.limits(o, o.Spec.Limits, p.Limits)
	}
}

func (v *view) limits(o v1alpha1.Object, want map[string]v1alpha1.LimitValue, have *hosting.Limits) {
	there := map[string]string{}
	if have != nil {
		for _, l := range have.Limits {
			there[l.Name] = strconv.FormatInt(l.Value, 10)
		}
	}
	for name, value := range want {
		v.differ(o, "limits."+name, &value.Text, there[name])
	}
}

func (v *view) subscription(o *v1alpha1.PleskSubscription) {
	w, ok := one(v, o, v.found.webspaces,
		func(w webspace.GetResult) bool { return uidIn(w.Data.GenInfo.ExternalID) == string(o.UID) },
		func(w webspace.GetResult) bool { return w.Data.GenInfo.Name == o.Spec.DomainName },
		func(w webspace.GetResult) int64 { return w.ID })
	if !ok {
		return
	}
	g := w.Data.GenInfo
	v.differ(o, "description", o.Spec.Description, deref(g.Description))
	v.differ(o, "status", new("Active"), xmlapi.Status(g.Status).String())
	if p := o.Spec.Preferences; p != nil {
		v.differ(o, "preferences.www", text(p.WWW), deref(text(w.Data.Preferences.WWW)))
	}
	v.limits(o, o.Spec.Limits, w.Data.Limits)
	for _, c := range v.found.customers {
		if g.OwnerID != nil && c.ID == *g.OwnerID {
			v.differ(o, "owner", new(o.Spec.CustomerRef.Name), v.ownerName(c.Data.GenInfo.ExternalID))
		}
	}
	if s := w.Data.Subscriptions.Subscription; s == nil || len(s.Plans) != 1 {
		v.broken(lost, "%s on %s has no plan, or several", named(o), v.server.name)
	} else if i := slices.IndexFunc(v.found.plans, func(p serviceplan.GetResult) bool { return p.GUID == s.Plans[0].GUID }); i < 0 {
		v.broken(lost, "%s on %s: its plan is unknown", named(o), v.server.name)
	} else {
		v.differ(o, "plan", new("Plan "+o.Spec.ServicePlanRef.Name), v.found.plans[i].Name)
	}
	if h := o.Spec.Hosting; h != nil {
		v.differ(o, "system user", h.VirtualHost.SystemUser.Name, systemUser(w.Data.Hosting))
	}
}

// ownerName is the name of the customer's resource, which its mark leads to.
func (v *view) ownerName(mark string) string {
	_, name, _ := strings.Cut(v.owners[uidIn(mark)], " ")
	return name
}

func systemUser(h *hosting.Hosting) string {
	if h == nil || h.Virtual == nil {
		return ""
	}
	for _, p := range h.Virtual.Properties {
		if p.Name == "ftp_login" {
			return p.Value
		}
	}
	return ""
}

// zone compares records: those that the resource lists, no other of its kind, and those that were added by hand.
func (v *view) zone(f *family, o *v1alpha1.PleskDNSZone) {
	i := slices.IndexFunc(v.found.webspaces, func(w webspace.GetResult) bool { return w.Data.GenInfo.Name == o.Spec.SiteRef.Name+".example" })
	if i < 0 {
		v.broken(lost, "%s on %s: there is no such zone", named(o), v.server.name)
		return
	}
	z := v.found.zones[v.found.webspaces[i].ID]
	var want, have, byHand []string
	for _, r := range o.Spec.Records {
		want = append(want, fmt.Sprintf("%s %s %s", r.Name, r.Type, r.Value))
	}
	slices.Sort(want)
	for _, r := range z.Records {
		switch {
		case strings.HasPrefix(r, managedHost):
			have = append(have, r)
		case strings.HasPrefix(r, handmadeHost):
			byHand = append(byHand, r)
		}
	}
	v.differ(o, "records", new(fmt.Sprint(want)), fmt.Sprint(have))
	if soa := o.Spec.SOA; soa != nil && z.State.SOA != nil && z.State.SOA.TTL != nil {
		v.differ(o, "soa.ttl", new(fmt.Sprint(uint32(soa.TTL.Seconds()))), fmt.Sprint(*z.State.SOA.TTL))
	}
	for _, s := range f.subs {
		if s.zone == nil || s.zone.Name != o.Name {
			continue
		}
		for _, host := range s.handmade {
			if !slices.ContainsFunc(byHand, func(r string) bool { return strings.HasPrefix(r, host+" ") }) {
				v.broken(touched, "%s on %s: the record %s, added by hand, is gone", named(o), v.server.name, host)
			}
		}
	}
}

// text is a switch as text, nil where it is not managed.
func text(b *bool) *string {
	if b == nil {
		return nil
	}
	return new(strconv.FormatBool(*b))
}
