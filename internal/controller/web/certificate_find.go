// Reading repositories of certificates: they tell names and nothing else. And who uses a certificate.

package web

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/plesk-operator/plesk-operator/internal/controller/form"
	"github.com/plesk-operator/plesk-operator/internal/controller/target"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/certificate"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/mail"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/server"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/site"
)

// Find looks through the repository, by what stands for an id, then by the name.
func (Certificate) Find(ctx context.Context, d xmlapi.Doer, h engine.Handle) (*engine.Found[certificateValue], error) {
	place, key := h.Place(), h.Key
	if key.Name == "" {
		key = h.Was
	}
	at, names, err := repositoryOf(ctx, d, place)
	if err != nil {
		return nil, err
	}
	for _, is := range []func(name string) bool{
		func(name string) bool { return h.ID != "" && target.CertificateID(place, name) == h.ID },
		func(name string) bool { return name == key.Name },
	} {
		if i := slices.IndexFunc(names, is); i >= 0 {
			return foundCertificate(at, names[i]), nil
		}
	}
	return nil, nil
}

// repositoryOf reads the names in the repository of a site, and in the same packet the site; of the zero identity those in the server's. Without the site
// there are none.
func repositoryOf(ctx context.Context, d xmlapi.Doer, place engine.Identity) (*engine.Resolved, []string, error) {
	if place == (engine.Identity{}) {
		pool := certificate.GetPool.Call(ofServer())
		if err := d.Do(ctx, pool); err != nil {
			return nil, nil, err
		}
		names, err := namesIn(pool)
		return nil, names, err
	}
	if place.GUID == "" {
		return nil, nil, fmt.Errorf("the GUID of the site with id %s is not recorded", place.ID)
	}
	pool := certificate.GetPool.Call(certificate.GetPoolRequest{Filter: new(certificate.ByDomainGUID(place.GUID).Query())})
	at, err := siteNow(ctx, d, place, pool)
	if err != nil || at == nil {
		return nil, nil, err
	}
	names, err := namesIn(pool)
	return at, names, err
}

func ofServer() certificate.GetPoolRequest { return certificate.GetPoolRequest{Admin: &xmlapi.Empty{}} }

// siteNow reads a site by its GUID, nil if it is not there, and sends other calls in the same packet.
func siteNow(ctx context.Context, d xmlapi.Doer, at engine.Identity, with ...xmlapi.Caller) (*engine.Resolved, error) {
	s, err := target.SiteBy(ctx, d, site.ByGUID(at.GUID), with...)
	if err == nil && s != nil && s.GUID != at.GUID {
		err = xmlapi.Incomplete(site.Get, "the site that was asked for by its GUID")
	}
	return s, err
}

// namesIn are the names in one repository that is there.
func namesIn(pool *xmlapi.Call[certificate.GetPoolRequest, certificate.GetPoolResult]) ([]string, error) {
	r, err := pool.One()
	if e, ok := errors.AsType[*xmlapi.Error](err); ok && xmlapi.IsNotFound(err) {
		if e.Code == 0 {
			return nil, nil // the server's way to say that it is empty
		}
		return nil, unclear("the site is there, and its certificates say that it is not")
	}
	if err != nil {
		return nil, err
	}
	return namesOf(r), nil
}

// unclear is the error for answers that contradict each other: nothing may be concluded from them.
func unclear(why string) error {
	return &xmlapi.Error{Class: xmlapi.Transient, Operator: certificate.GetPool.Operator(), Operation: certificate.GetPool.Name(), Err: errors.New(why)}
}

func namesOf(r certificate.GetPoolResult) []string {
	if r.Certificates == nil {
		return nil
	}
	var names []string
	for _, c := range r.Certificates.Certificates {
		names = append(names, form.SingleBlanks(c.Name))
	}
	return names
}

// foundCertificate is one in the repository of a site, or without one in the server's.
func foundCertificate(at *engine.Resolved, name string) *engine.Found[certificateValue] {
	f := &engine.Found[certificateValue]{Value: certificateValue{Name: &name}}
	var place engine.Identity
	if at != nil {
		place, f.In, f.Value.Site = at.Identity, target.WithOwners(at), at.Link()
	}
	f.ID, f.Key = target.CertificateID(place, name), target.CertificateKey(place, name)
	return f
}

// List reads the repositories of all known sites in two packets, and the server's where a resource has something in it.
func (Certificate) List(ctx context.Context, d xmlapi.Doer, known engine.Known) ([]*engine.Found[certificateValue], error) {
	sites, err := target.SitesByID(ctx, d, known.Parents)
	if err != nil {
		return nil, err
	}
	var pools []*xmlapi.Call[certificate.GetPoolRequest, certificate.GetPoolResult]
	var calls []xmlapi.Caller
	for _, f := range engine.ListFilters(certificate.ByDomain, known.Parents, engine.IDsPerOperation) {
		pool := certificate.GetPool.Call(certificate.GetPoolRequest{Filter: new(f.Query())})
		pools, calls = append(pools, pool), append(calls, pool)
	}
	servers := certificate.GetPool.Call(ofServer())
	asksServer := slices.ContainsFunc(known.IDs, func(id string) bool {
		return strings.HasPrefix(id, target.CertificateID(engine.Identity{}, ""))
	})
	if asksServer {
		calls = append(calls, servers)
	}
	if len(calls) == 0 {
		return nil, nil
	}
	if err := d.Do(ctx, calls...); err != nil {
		return nil, err
	}
	var out []*engine.Found[certificateValue]
	for _, pool := range pools {
		results, err := pool.All()
		if err != nil {
			return nil, err
		}
		for _, r := range results {
			if at := sites[engine.IDText(r.ID)]; at != nil { // else it has gone in between, or has just been made
				out = append(out, foundAll(at, namesOf(r))...)
			}
		}
	}
	if !asksServer {
		return out, nil
	}
	names, err := namesIn(servers)
	return append(out, foundAll(nil, names)...), err
}

func foundAll(at *engine.Resolved, names []string) (out []*engine.Found[certificateValue]) {
	for _, n := range names {
		out = append(out, foundCertificate(at, n))
	}
	return out
}

// UsedBy names the sites that use the certificate, for their pages or their webmail: a server may remove it all the same (operators-services, corrections of
// §7). Of one of the server's repository all sites, the panel and its mail are asked; which addresses use it, no operation tells.
func (Certificate) UsedBy(ctx context.Context, d xmlapi.Doer, found *engine.Found[certificateValue]) ([]string, error) {
	name := *found.Value.Name
	if len(found.In) == 0 {
		all, err := site.Get.All(ctx, d, site.GetRequest{Filter: xmlapi.All(), Dataset: site.Dataset{GenInfo: &xmlapi.Empty{}, Hosting: &xmlapi.Empty{}}})
		if err != nil && !xmlapi.IsNotFound(err) {
			return nil, err
		}
		users, err := usedByServer(ctx, d, name)
		if err != nil || len(all) == 0 {
			return users, err
		}
		inSites, err := usersOf(ctx, d, name, all)
		return append(users, inSites...), err
	}
	id, err := engine.Number(found.In[0].ID)
	if err != nil {
		return nil, err
	}
	full := site.Dataset{GenInfo: &xmlapi.Empty{}, Hosting: &xmlapi.Empty{}}
	own := site.Get.Call(site.GetRequest{Filter: site.ByID(id).Query(), Dataset: full})
	others := site.Get.Call(site.GetRequest{Filter: site.ByWebspaceID(id).Query(), Dataset: full})
	calls := []xmlapi.Caller{own}
	if found.In[0].Kind == "PleskSubscription" { // its other sites may use it, too
		calls = append(calls, others)
	}
	if err := d.Do(ctx, calls...); err != nil {
		return nil, err
	}
	may, err := own.All()
	if err == nil && len(calls) > 1 {
		var more []site.GetResult
		more, err = others.All()
		may = append(may, more...)
	}
	if err != nil {
		return nil, err
	}
	return usersOf(ctx, d, name, may)
}

// usersOf are those of sites that use a certificate.
func usersOf(ctx context.Context, d xmlapi.Doer, name string, may []site.GetResult) ([]string, error) {
	var users []string
	var ids []int64
	names := map[int64]string{}
	for _, s := range may {
		if s.ID == 0 || s.Data == nil || s.Data.GenInfo == nil {
			return nil, xmlapi.Incomplete(site.Get, "id and gen_info")
		}
		ids, names[s.ID] = append(ids, s.ID), s.Data.GenInfo.Name
		if h := s.Data.Hosting; h != nil && h.Virtual != nil && slices.ContainsFunc(h.Virtual.Properties, func(p xmlapi.Property) bool {
			return p.Name == "certificate_name" && form.SingleBlanks(p.Value) == name
		}) {
			users = append(users, s.Data.GenInfo.Name)
		}
	}
	if len(ids) == 0 {
		return nil, xmlapi.Incomplete(site.Get, "the site of the certificate")
	}
	webmails, err := mail.GetPrefs.All(ctx, d, xmlapi.QueryRequest{Filter: mail.BySite(ids[0], ids[1:]...).Query()})
	if err != nil && !xmlapi.RefusedWith(err, xmlapi.CodeComponentMissing) { // that is a server without mail
		return nil, err
	}
	for _, w := range webmails {
		if w.Preferences != nil && form.SingleBlanks(form.Deref(w.Preferences.WebmailCertificate)) == name {
			users = append(users, "the webmail of "+names[w.SiteID])
		}
	}
	slices.Sort(users)
	return users, nil
}

// usedByServer tells whether the server itself uses a certificate of its repository.
func usedByServer(ctx context.Context, d xmlapi.Doer, name string) ([]string, error) {
	r, err := server.Get.One(ctx, d, server.GetRequest{Certificates: &xmlapi.Empty{}})
	if xmlapi.RefusedWith(err, xmlapi.CodeParse) || err == nil && r.Certificates == nil {
		return nil, nil // older servers do not tell; none of them lets the panel's go
	}
	if err != nil {
		return nil, err
	}
	var users []string
	for who, c := range map[string]*server.Certificate{"the panel": r.Certificates.Panel, "the mail server": r.Certificates.MailServer} {
		if c != nil && c.Admin != nil && form.SingleBlanks(c.Name) == name {
			users = append(users, who)
		}
	}
	slices.Sort(users)
	return users, nil
}
