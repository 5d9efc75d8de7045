// PleskSiteAlias: operator `site-alias`, natural key the domain name in lower-case punycode.

package hosting

import (
	"context"
	"strings"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/controller/form"
	"github.com/plesk-operator/plesk-operator/internal/controller/target"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/site"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/sitealias"
)

// +kubebuilder:rbac:groups=plesk-operator.dev,resources=plesksitealiases,verbs=get;list;watch;update;patch
// +kubebuilder:rbac:groups=plesk-operator.dev,resources=plesksitealiases/status,verbs=get;update;patch

// SiteAlias is the kind PleskSiteAlias.
type SiteAlias struct{}

var (
	_ engine.Kind[*v1alpha1.PleskSiteAlias, aliasValue] = SiteAlias{}
	_ engine.Maker[aliasValue]                          = SiteAlias{}
	_ engine.Lister[aliasValue]                         = SiteAlias{}
	_ engine.Logged                                     = SiteAlias{}
	_ engine.Normalizer[aliasValue]                     = SiteAlias{}
	_ engine.Overlapper[aliasValue]                     = SiteAlias{}
	_ engine.Stateless                                  = SiteAlias{}
	_ engine.Named                                      = SiteAlias{}
)

// aliasValue is what an alias is on the wire.
type aliasValue struct {
	Name        *string      `plesk:"aliasName"`
	Site        *engine.Link `plesk:"siteRef,immutable"`
	Active      *bool        `plesk:"active"`
	Web         *bool        `plesk:"web"`
	Mail        *bool        `plesk:"mail"`
	SEORedirect *bool        `plesk:"seoRedirect,needs=seo-redirect"`
	ManageDNS   *bool        `plesk:"manageDNS"`
	ICPApproved *bool        `plesk:"icp.approved"`
	ICPPermit   *string      `plesk:"icp.permit"`

	info *sitealias.Info // as found, for status.observed
}

// Roles leaves out nobody: the documents name administrators alone, and whether a server lets others do it is not known. It is tried.
func (SiteAlias) Roles() []v1alpha1.ServerRole { return engine.ForAnybody }

func (SiteAlias) Refs() []engine.Ref[*v1alpha1.PleskSiteAlias] {
	return []engine.Ref[*v1alpha1.PleskSiteAlias]{{
		Field: "spec.siteRef", Target: target.Sites, Parent: true,
		Get: func(o *v1alpha1.PleskSiteAlias) []engine.Mention { return target.SiteMention(o.Spec.SiteRef) },
		Set: func(o *v1alpha1.PleskSiteAlias, m []engine.Mention) { o.Spec.SiteRef = target.SiteReference(m) },
	}}
}

func (SiteAlias) Stateless() {}

func (SiteAlias) Desired(o *v1alpha1.PleskSiteAlias, in engine.Inputs) (engine.Key, aliasValue, error) {
	s := &o.Spec
	w := aliasValue{
		Site: in.Ref("spec.siteRef").Link(), Active: s.Active, Web: s.Web, Mail: s.Mail, SEORedirect: s.SEORedirect, ManageDNS: s.ManageDNS,
	}
	if s.ICP != nil {
		w.ICPApproved, w.ICPPermit = s.ICP.Approved, s.ICP.Permit
	}
	name, err := form.DomainName(s.AliasName)
	if err != nil {
		return engine.Key{}, w, engine.Invalid(SiteAlias{}.KeyField(), err.Error())
	}
	w.Name = &name
	return engine.Key{Name: name}, w, nil
}

func (SiteAlias) Normal(w aliasValue) aliasValue {
	form.Collapse(&w.ICPPermit)
	if w.Name != nil {
		w.Name = new(strings.ToLower(*w.Name))
	}
	return w
}

// Find asks for the alias's site afterwards: the alias has no GUID of its own, and the protocol tells no more of its site than the id.
func (SiteAlias) Find(ctx context.Context, d xmlapi.Doer, h engine.Handle) (*engine.Found[aliasValue], error) {
	byName := func(name string, _ ...string) xmlapi.Filter { return sitealias.ByName(form.FullDomain(name)) }
	by := engine.Lookups{ByID: sitealias.ByID, ByKey: byName}
	return engine.FindFirst(h, by, func(f xmlapi.Filter) (*engine.Found[aliasValue], error) {
		r, err := sitealias.Get.One(ctx, d, xmlapi.QueryRequest{Filter: f.Query()})
		if err != nil {
			return nil, err
		}
		if missing := missingOfAlias(r); missing != "" {
			return nil, xmlapi.Incomplete(sitealias.Get, missing)
		}
		at, err := target.SiteBy(ctx, d, site.ByID(r.Info.SiteID))
		if err == nil && at == nil {
			err = xmlapi.Incomplete(site.Get, "the site of the alias "+r.Info.Name)
		}
		if err != nil {
			return nil, err
		}
		return foundAlias(r, at), nil
	})
}

// List reads all aliases in one packet, and their sites in another one. An alias whose site has gone in between is left out.
func (SiteAlias) List(ctx context.Context, d xmlapi.Doer, _ engine.Known) ([]*engine.Found[aliasValue], error) {
	aliases, err := sitealias.Get.All(ctx, d, xmlapi.QueryRequest{Filter: xmlapi.All()})
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, r := range aliases {
		if missing := missingOfAlias(r); missing != "" {
			return nil, xmlapi.Incomplete(sitealias.Get, missing)
		}
		ids = append(ids, engine.IDText(r.Info.SiteID))
	}
	sites, err := target.SitesByID(ctx, d, ids)
	if err != nil {
		return nil, err
	}
	return engine.ListOf(sitealias.Get, aliases, func(r sitealias.GetResult) (*engine.Found[aliasValue], error) {
		at := sites[engine.IDText(r.Info.SiteID)]
		if at == nil {
			return nil, nil
		}
		return foundAlias(r, at), nil
	})
}

func (SiteAlias) EventClasses() (own, around []string) {
	return []string{"domain_alias", "site_alias"}, nil
}

// missingOfAlias names what an answer lacks of what says which alias it is.
func missingOfAlias(r sitealias.GetResult) string {
	switch {
	case r.ID == 0:
		return "id"
	case r.Info == nil || r.Info.Name == "" || r.Info.SiteID == 0:
		return "info"
	}
	return ""
}

func foundAlias(r sitealias.GetResult, at *engine.Resolved) *engine.Found[aliasValue] {
	key := target.AliasKey(r.Info)
	v := aliasValue{Name: &key.Name, Site: at.Link(), ManageDNS: r.Info.ManageDNS, info: r.Info}
	if s := r.Info.Status; s != nil {
		v.Active = new(*s&(sitealias.Disabled|sitealias.SwitchedOff) == 0)
	}
	if p := r.Info.Preferences; p != nil {
		v.Web, v.Mail, v.SEORedirect, v.ICPApproved, v.ICPPermit = p.Web, p.Mail, p.SEORedirect, p.ICPStatus, p.ICPPermit
	}
	return &engine.Found[aliasValue]{Identity: engine.Identity{ID: engine.IDText(r.ID)}, Key: key, In: target.WithOwners(at), Value: v}
}

func (SiteAlias) Create(ctx context.Context, d xmlapi.Doer, w aliasValue) (engine.Identity, error) {
	at, err := engine.Number(w.Site.ID)
	if err != nil {
		return engine.Identity{}, err
	}
	r, err := sitealias.Create.One(ctx, d, sitealias.CreateRequest{Info: sitealias.Info{Settings: w.settings(), SiteID: at, Name: form.FullDomain(*w.Name)}})
	return engine.Identity{ID: engine.IDText(r.ID)}, err
}

// settings are those to write.
func (w *aliasValue) settings() sitealias.Settings {
	s := sitealias.Settings{ManageDNS: w.ManageDNS}
	if w.Active != nil {
		s.Status = new(sitealias.Disabled)
		if *w.Active {
			s.Status = new(sitealias.Enabled)
		}
	}
	if p := (sitealias.Preferences{Web: w.Web, Mail: w.Mail, SEORedirect: w.SEORedirect, ICPStatus: w.ICPApproved, ICPPermit: w.ICPPermit}); p != (sitealias.Preferences{}) {
		s.Preferences = &p
	}
	return s
}

// Update renames last: what is refused because a name is taken leaves nothing else to write.
func (SiteAlias) Update(ctx context.Context, d xmlapi.Doer, u engine.Update[aliasValue]) error {
	id, err := engine.Number(u.ID)
	if err != nil {
		return err
	}
	if s := u.Patch.settings(); s != (sitealias.Settings{}) {
		if _, err := sitealias.Set.One(ctx, d, sitealias.SetRequest{Filter: sitealias.ByID(id), Settings: s}); err != nil {
			return err
		}
	}
	if u.Patch.Name == nil {
		return nil
	}
	_, err = sitealias.Rename.One(ctx, d, sitealias.RenameRequest{ID: &id, NewName: form.FullDomain(*u.Patch.Name)})
	return err
}

// Delete also removes the alias's zone, which the server has made.
func (SiteAlias) Delete(ctx context.Context, d xmlapi.Doer, found *engine.Found[aliasValue]) error {
	f, err := engine.FilterByID(sitealias.ByID, found.ID)
	if err != nil {
		return err
	}
	_, err = sitealias.Delete.One(ctx, d, xmlapi.FilterRequest{Filter: f})
	return err
}

// Contents are none: nothing but its zone comes and goes with an alias. Its mail is its site's.
func (SiteAlias) Contents(context.Context, xmlapi.Doer, *engine.Found[aliasValue]) ([]engine.Content, error) {
	return nil, nil
}

// Overlaps lists the sites whose names a new alias lies below.
func (SiteAlias) Overlaps(ctx context.Context, d xmlapi.Doer, want aliasValue) ([]engine.Resolved, error) {
	return target.SitesAbove(ctx, d, *want.Name)
}

func (SiteAlias) Observe(o *v1alpha1.PleskSiteAlias, f *engine.Found[aliasValue]) {
	seen := &v1alpha1.ObservedSiteAlias{AliasName: f.Value.info.Name, Site: f.Value.Site.Name}
	if s := f.Value.info.Status; s != nil {
		seen.State = aliasState(*s)
	}
	o.Status.Observed = seen
}

// aliasState says a status in words.
func aliasState(status int) string {
	var reasons []string
	if status&(sitealias.Disabled|sitealias.SwitchedOff) != 0 {
		reasons = append(reasons, "Disabled")
	}
	if status&sitealias.SiteDisabled != 0 {
		reasons = append(reasons, "SiteDisabled")
	}
	if status == sitealias.Enabled {
		return "Active"
	}
	return strings.Join(reasons, ",")
}

func (SiteAlias) KeyField() string { return "spec.aliasName" }
