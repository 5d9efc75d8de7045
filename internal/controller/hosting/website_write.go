// Writing sites and subdomains: create one, send what differs, delete it by its GUID.

package hosting

import (
	"cmp"
	"context"

	"github.com/plesk-operator/plesk-operator/internal/controller/form"
	"github.com/plesk-operator/plesk-operator/internal/controller/grant"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/site"
)

// addSite says all that the spec sets and nothing else; named has the name, and what the site is to lie in.
func addSite(ctx context.Context, d xmlapi.Doer, w siteValue, named site.NewGenSetup) (engine.Identity, error) {
	bounds, err := w.Bounds.WirePerformance()
	if err != nil {
		return engine.Identity{}, err
	}
	req := site.AddRequest{GenSetup: named, Preferences: w.preferences(), Performance: bounds}
	req.GenSetup.HostingType, req.GenSetup.Description = hostingTypes.Wire(w.Hosting), w.marked(nil)
	if w.Hosting != nil {
		if req.Hosting, err = w.newHosting(); err != nil {
			return engine.Identity{}, err
		}
	}
	r, err := site.Add.One(ctx, d, req)
	return engine.Identity{ID: engine.IDText(r.ID), GUID: r.GUID}, err
}

// marked is the description with the mark before it, nil where neither is to be written. What w leaves open stays as it was.
func (w *siteValue) marked(was *siteValue) *string {
	if w.Description == nil && form.Deref(w.Mark) == "" && was == nil {
		return nil
	}
	if was == nil {
		was = &siteValue{}
	}
	return new(engine.WithMark(form.Deref(cmp.Or(w.Mark, was.Mark)), form.Deref(cmp.Or(w.Description, was.Description))))
}

// preferences are those to write, nil for none.
func (w *siteValue) preferences() *hosting.Preferences {
	if w.WWW == nil && w.StatsMonths == nil && w.OutgoingLimit == nil {
		return nil
	}
	return &hosting.Preferences{WWW: w.WWW, StatisticsMonths: w.StatsMonths, OutgoingMessagesDomainLimit: form.OutgoingWords.Wire(w.OutgoingLimit)}
}

// properties are those to write, PHP directives among them.
func (v *siteVirtualValue) properties() []xmlapi.Property {
	list := grant.Properties(v)
	if v != nil {
		if directives := v.Shared.WirePHPSettings(); directives != nil {
			list = append(list, directives.Settings...)
		}
	}
	return list
}

// newHosting is hosting where there was none of its type.
func (w *siteValue) newHosting() (*site.Hosting, error) {
	switch *w.Hosting {
	case hostingVirtual:
		list := w.Virtual.properties()
		if len(list) == 0 {
			return nil, engine.Invalid("spec.hosting.virtualHost", "the protocol makes no web hosting without any property: set one, e.g. documentRoot")
		}
		return &site.Hosting{Virtual: &site.VirtualHosting{Properties: list}}, nil
	case hostingForward:
		return &site.Hosting{StandardForward: w.Forward.ofSite()}, nil
	case hostingFrame:
		return &site.Hosting{FrameForward: &site.FrameForwarded{DestinationURL: *w.Frame.URL}}, nil
	}
	return &site.Hosting{None: &xmlapi.Empty{}}, nil
}

func (v *forwardValue) ofSite() *site.Forward {
	return &site.Forward{DestinationURL: *v.URL, HTTPCode: v.HTTPCode}
}

// updateSite sends what differs in one operation; name is the new name, nil for none.
func updateSite(ctx context.Context, d xmlapi.Doer, u engine.Update[siteValue], name *string) error {
	f, err := engine.FilterOf(site.ByGUID, site.ByID, u.Identity)
	if err != nil {
		return err
	}
	bounds, err := u.Patch.Bounds.WirePerformance()
	if err != nil {
		return err
	}
	web, err := changedSiteHosting(u)
	if err != nil {
		return err
	}
	values := site.SetValues{GenSetup: changedSiteSetup(u, name), Preferences: u.Patch.preferences(), Hosting: web, Performance: bounds}
	if values == (site.SetValues{}) {
		return nil
	}
	_, err = site.Set.One(ctx, d, site.SetRequest{Filter: f, Values: values})
	return err
}

// changedSiteSetup is the part of gen_setup to write, nil for none. What is left of a site that does not work has no meaning without its status.
func changedSiteSetup(u engine.Update[siteValue], name *string) *site.SetGenSetup {
	p := u.Patch
	g := site.SetGenSetup{Name: name, TurnOffAction: turnOffWords.Wire(p.TurnOff)}
	if g.TurnOffAction != nil {
		g.Status = new(int(u.Want.suspended))
	}
	if p.Description != nil || p.Mark != nil {
		g.Description = p.marked(&u.Have)
	}
	if g == (site.SetGenSetup{}) {
		return nil
	}
	return &g
}

// changedSiteHosting is the hosting to write, nil for none.
func changedSiteHosting(u engine.Update[siteValue]) (*site.Hosting, error) {
	p := u.Patch
	if p.Hosting != nil {
		return u.Want.newHosting()
	}
	switch form.Deref(cmp.Or(u.Want.Hosting, u.Have.Hosting)) {
	case hostingVirtual:
		if list := p.Virtual.properties(); len(list) > 0 {
			return &site.Hosting{Virtual: &site.VirtualHosting{Properties: list}}, nil
		}
	case hostingForward:
		if p.Forward != nil {
			return &site.Hosting{StandardForward: u.Want.Forward.over(u.Have.Forward).ofSite()}, nil
		}
	case hostingFrame:
		if p.Frame != nil {
			return &site.Hosting{FrameForward: &site.FrameForwarded{DestinationURL: *u.Want.Frame.over(u.Have.Frame).URL}}, nil
		}
	}
	return nil, nil
}

// deleteSite also removes all that the site holds; the engine has checked it before.
func deleteSite(ctx context.Context, d xmlapi.Doer, found *engine.Found[siteValue]) error {
	f, err := engine.FilterOf(site.ByGUID, site.ByID, found.Identity)
	if err != nil {
		return err
	}
	_, err = site.Del.One(ctx, d, xmlapi.FilterRequest{Filter: f})
	return err
}
