// What lies in accounts and subscriptions, and goes with them: asked of the server before either is deleted.

package target

import (
	"context"
	"slices"
	"strings"

	"github.com/plesk-operator/plesk-operator/internal/controller/form"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/certificate"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/database"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/ftpuser"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/mail"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/protecteddir"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/site"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/sitealias"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/subdomain"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
)

// AccountContents lists the subscriptions of an account, and what lies in them. What cannot be listed (virtual directories that no resource describes, web
// users, universal database users, scheduled tasks, files) goes with them.
func AccountContents(ctx context.Context, d xmlapi.Doer, ofAccount xmlapi.Query) ([]engine.Content, error) {
	all, err := webspace.Get.AllIn(ctx, d, webspace.GetRequest{Filter: ofAccount, Dataset: webspace.Dataset{GenInfo: &xmlapi.Empty{}}})
	if err != nil {
		return nil, err
	}
	var out []engine.Content
	for _, w := range all {
		s, err := ResolvedSite(w)
		if err != nil {
			return nil, err
		}
		out = append(out, engine.Content{Kind: "PleskSubscription", Identity: s.Identity, Key: s.Key, Name: s.Key.Name})
		inside, err := SubscriptionContents(ctx, d, s.Identity)
		if err != nil {
			return nil, err
		}
		out = append(out, inside...)
	}
	return out, nil
}

// SubscriptionContents lists what lies in a subscription beside what the server makes itself (its main site, zone and system user).
func SubscriptionContents(ctx context.Context, d xmlapi.Doer, id engine.Identity) ([]engine.Content, error) {
	webspaceID, err := engine.Number(id.ID)
	if err != nil {
		return nil, err
	}
	genInfo := site.Dataset{GenInfo: &xmlapi.Empty{}}
	main := site.Get.Call(site.GetRequest{Filter: site.ByID(webspaceID).Query(), Dataset: genInfo})
	addons := site.Get.Call(site.GetRequest{Filter: site.ByWebspaceID(webspaceID).Query(), Dataset: genInfo})
	databases := database.GetDB.Call(xmlapi.QueryRequest{Filter: database.ByWebspace(webspaceID).Query()})
	ftp := ftpuser.Get.Call(ftpuser.GetRequest{Filter: ftpuser.ByWebspace(webspaceID).Query()})
	if err := d.Do(ctx, main, addons, databases, ftp); err != nil {
		return nil, err
	}
	own, err := main.One()
	if err != nil {
		return nil, err
	}
	if own.Data == nil || own.Data.GenInfo == nil {
		return nil, xmlapi.Incomplete(site.Get, "gen_info")
	}
	sites := map[int64]place{webspaceID: {Identity: id, name: own.Data.GenInfo.Name}}
	others, err := addons.AllIn()
	if err != nil {
		return nil, err
	}
	out, err := otherSites(others, sites)
	if err != nil {
		return nil, err
	}
	inSites, err := siteContents(ctx, d, sites)
	if err != nil {
		return nil, err
	}
	for i, c := range out {
		if id, err := engine.Number(c.ID); err == nil && sites[id].subdomain {
			out[i].Kind = subdomainKind
		}
	}
	out = append(out, inSites...)
	dbs, err := databases.AllIn()
	if err != nil {
		return nil, err
	}
	inDatabases, err := databaseContents(ctx, d, dbs)
	if err != nil {
		return nil, err
	}
	users, err := ftp.AllIn()
	if err != nil {
		return nil, err
	}
	for _, u := range users {
		out = append(out, engine.Content{Kind: "PleskFTPUser", Identity: engine.Identity{ID: engine.IDText(u.ID)}, Key: FTPUserKey(id, u.Name), Name: u.Name})
	}
	return around(id.GUID, append(out, inDatabases...)), nil
}

// SiteContents lists what lies in a further site of a subscription, and goes with it: subdomains and what lies in those, aliases, mail
// accounts, protected directories, certificates. What the subscription has as a whole (databases, FTP users) stays.
func SiteContents(ctx context.Context, d xmlapi.Doer, id engine.Identity, name string) ([]engine.Content, error) {
	siteID, err := engine.Number(id.ID)
	if err != nil {
		return nil, err
	}
	out, err := siteContents(ctx, d, map[int64]place{siteID: {Identity: id, name: name}})
	return around(id.GUID, out), err
}

// around tells by its GUID what contents lie in that have none themselves.
func around(guid string, contents []engine.Content) []engine.Content {
	for i := range contents {
		if c := &contents[i]; c.GUID == "" && c.Key.Within.GUID == "" && c.Around == "" {
			c.Around = guid
		}
	}
	return contents
}

// place is a site that things lie in.
type place struct {
	engine.Identity
	name      string
	subdomain bool
}

// otherSites lists sites that are not known yet, and makes them known.
func otherSites(found []site.GetResult, known map[int64]place) ([]engine.Content, error) {
	var out []engine.Content
	for _, s := range found {
		if s.ID == 0 || s.Data == nil || s.Data.GenInfo == nil {
			return nil, xmlapi.Incomplete(site.Get, "id and gen_info")
		}
		if _, there := known[s.ID]; there {
			continue
		}
		g := s.Data.GenInfo
		id := engine.Identity{ID: engine.IDText(s.ID), GUID: g.GUID}
		known[s.ID] = place{Identity: id, name: g.Name}
		name := strings.ToLower(g.ASCIIName)
		out = append(out, engine.Content{Kind: "PleskSite", Identity: id, Key: engine.Key{Name: name}, Name: name})
	}
	return out, nil
}

// otherSubdomains lists subdomains that are not known as sites yet, and makes them known: with the GUIDs that they have as sites.
func otherSubdomains(ctx context.Context, d xmlapi.Doer, found []subdomain.GetResult, known map[int64]place) ([]engine.Content, error) {
	var names []engine.Content
	var ids []int64
	for _, s := range found {
		if s.ID == 0 || s.Data == nil {
			return nil, xmlapi.Incomplete(subdomain.Get, "id and data")
		}
		if at, there := known[s.ID]; there {
			at.subdomain = true
			known[s.ID] = at
			continue
		}
		id := engine.Identity{ID: engine.IDText(s.ID)}
		known[s.ID] = place{id, s.Data.Name, true}
		name, err := form.DomainName(s.Data.Name)
		if err != nil { // a wildcard
			name = strings.ToLower(s.Data.Name)
		}
		ids, names = append(ids, s.ID), append(names, engine.Content{Kind: subdomainKind, Identity: id, Key: engine.Key{Name: name}, Name: name})
	}
	if len(ids) == 0 {
		return nil, nil
	}
	asSites, err := site.Get.AllIn(ctx, d, site.GetRequest{Filter: site.ByID(ids[0], ids[1:]...).Query(), Dataset: site.Dataset{GenInfo: &xmlapi.Empty{}}})
	if err != nil {
		return nil, err
	}
	for _, s := range asSites {
		i := slices.Index(ids, s.ID)
		if i < 0 || s.Data == nil || s.Data.GenInfo == nil {
			return nil, xmlapi.Incomplete(site.Get, "gen_info of the subdomains that were asked for")
		}
		names[i].GUID = s.Data.GenInfo.GUID
		known[s.ID] = place{names[i].Identity, known[s.ID].name, true}
	}
	return names, nil
}

// siteContents lists the subdomains, aliases, mail accounts, protected directories and certificates of sites.
func siteContents(ctx context.Context, d xmlapi.Doer, sites map[int64]place) ([]engine.Content, error) {
	var out []engine.Content
	seen := map[int64]bool{}
	for {
		var next []int64
		for id := range sites {
			if !seen[id] {
				next = append(next, id)
			}
		}
		if len(next) == 0 {
			return out, nil
		}
		for _, id := range next {
			seen[id] = true
			inside, err := oneSite(ctx, d, id, sites)
			if err != nil {
				return nil, err
			}
			out = append(out, inside...)
		}
	}
}

// oneSite lists what lies in one site; its subdomains are added to the sites. The subscription's sites have them already, as the documents say; they
// are asked of their own operator once more, which servers of every age have: site has the filter parent-site-id since 1.6.5.
func oneSite(ctx context.Context, d xmlapi.Doer, id int64, sites map[int64]place) ([]engine.Content, error) {
	subdomains := subdomain.Get.Call(xmlapi.QueryRequest{Filter: subdomain.ByParentName(sites[id].name).Query()})
	aliases := sitealias.Get.Call(xmlapi.QueryRequest{Filter: sitealias.BySite(id).Query()})
	accounts := mail.GetInfo.Call(mail.GetInfoRequest{Filter: mail.InfoFilter{SiteID: id}})
	directories := protecteddir.Get.Call(xmlapi.QueryRequest{Filter: protecteddir.BySite(id).Query()})
	certificates := certificate.GetPool.Call(certificate.GetPoolRequest{Filter: new(certificate.ByDomain(id).Query())})
	if err := d.Do(ctx, subdomains, aliases, accounts, directories, certificates); err != nil {
		return nil, err
	}
	below, err := subdomains.AllIn()
	if err != nil {
		return nil, err
	}
	out, err := otherSubdomains(ctx, d, below, sites)
	if err != nil {
		return nil, err
	}
	as, err := aliases.AllIn()
	if err != nil {
		return nil, err
	}
	for _, a := range as {
		if a.Info == nil {
			return nil, xmlapi.Incomplete(sitealias.Get, "info")
		}
		out = append(out, engine.Content{Kind: "PleskSiteAlias", Identity: engine.Identity{ID: engine.IDText(a.ID)}, Key: AliasKey(a.Info), Around: sites[id].GUID, Name: a.Info.Name})
	}
	ms, err := accounts.AllIn()
	if err != nil {
		return nil, err
	}
	for _, m := range ms {
		key := MailKey(sites[id].Identity, m.Account.Name)
		out = append(out, engine.Content{Kind: "PleskMailAccount", Identity: engine.Identity{ID: engine.IDText(m.Account.ID)}, Key: key, Name: m.Account.Name})
	}
	ds, err := directories.AllIn()
	if err != nil {
		return nil, err
	}
	for _, p := range ds {
		name := ""
		if p.Data != nil {
			name = form.Deref(p.Data.Name)
		}
		key := ProtectedDirectoryKey(sites[id].Identity, name)
		out = append(out, engine.Content{Kind: "PleskProtectedDirectory", Identity: engine.Identity{ID: engine.IDText(p.ID)}, Key: key, Name: key.Name})
	}
	pools, err := certificates.AllIn()
	if err != nil {
		return nil, err
	}
	for _, p := range pools {
		if p.Certificates == nil {
			continue
		}
		for _, c := range p.Certificates.Certificates {
			key := CertificateKey(sites[id].Identity, c.Name)
			out = append(out, engine.Content{Kind: "PleskCertificate", Identity: engine.Identity{ID: CertificateID(key.Within, key.Name)}, Key: key, Name: c.Name})
		}
	}
	return out, nil
}

// databaseContents lists databases with their users.
func databaseContents(ctx context.Context, d xmlapi.Doer, databases []database.GetDBResult) ([]engine.Content, error) {
	var out []engine.Content
	for _, db := range databases {
		if db.ID == 0 || db.Name == "" {
			return nil, xmlapi.Incomplete(database.GetDB, "id and name")
		}
		out = append(out, engine.Content{Kind: "PleskDatabase", Identity: engine.Identity{ID: engine.IDText(db.ID)}, Key: DatabaseKey(engine.Identity{ID: engine.IDText(db.ServerID)}, db.Name), Name: db.Name})
		users, err := DatabaseUsers(ctx, d, db.ID)
		if err != nil {
			return nil, err
		}
		out = append(out, users...)
	}
	return out, nil
}

// DatabaseUsers lists the users of one database.
func DatabaseUsers(ctx context.Context, d xmlapi.Doer, id int64) ([]engine.Content, error) {
	users, err := database.GetDBUsers.AllIn(ctx, d, xmlapi.QueryRequest{Filter: database.ByDatabase(id).Query()})
	if err != nil {
		return nil, err
	}
	db := engine.Identity{ID: engine.IDText(id)}
	var out []engine.Content
	for _, u := range users {
		out = append(out, engine.Content{Kind: "PleskDatabaseUser", Identity: engine.Identity{ID: engine.IDText(u.ID)}, Key: DatabaseUserKey(db, u.Login), Name: u.Login})
	}
	return out, nil
}
