// Which name is taken: a subscription has two that are unique on the server, its domain's and its system user's, and one code refuses
// both.

package hosting

import (
	"context"
	"strings"

	"github.com/plesk-operator/plesk-operator/internal/controller/form"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/dns"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/site"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/sitealias"
)

const systemUserField = "spec.hosting.virtualHost.systemUser.name"

// blameName finds out which of the names that were to be written is taken; nil was not to be written. Users cannot be looked up, so it
// is the user's where the domain's is free.
func blameName(ctx context.Context, d xmlapi.Doer, domain, user *string, err error) error {
	switch {
	case xmlapi.ClassOf(err) != xmlapi.Exists:
		return err
	case user == nil:
		return engine.Blame(domainField, err)
	case domain == nil:
		return engine.Blame(systemUserField, err)
	}
	taken, lookErr := domainTaken(ctx, d, *domain)
	switch {
	case lookErr != nil:
		return engine.Blame(domainField+" or "+systemUserField, err)
	case taken:
		return engine.Blame(domainField, err)
	}
	return engine.Blame(systemUserField, err)
}

// domainTaken looks for everything that takes a domain name: sites and subdomains, aliases, and a record of another zone.
func domainTaken(ctx context.Context, d xmlapi.Doer, ascii string) (bool, error) {
	name := form.FullDomain(ascii)
	asSite := site.Get.Call(site.GetRequest{Filter: site.ByName(name).Query(), Dataset: site.Dataset{GenInfo: &xmlapi.Empty{}}})
	asAlias := sitealias.Get.Call(xmlapi.QueryRequest{Filter: sitealias.ByName(name).Query()})
	calls := []xmlapi.Caller{asSite, asAlias}
	var above []*xmlapi.Call[dns.GetRecRequest, dns.GetRecResult]
	for _, zone, inside := strings.Cut(ascii, "."); inside && strings.Contains(zone, "."); _, zone, inside = strings.Cut(zone, ".") {
		records := dns.GetRec.Call(dns.GetRecRequest{Filter: dns.ByZoneName(zone).Query()})
		above, calls = append(above, records), append(calls, records)
	}
	if err := d.Do(ctx, calls...); err != nil {
		return false, err
	}
	_, siteErr := asSite.One()
	_, aliasErr := asAlias.One()
	for _, err := range []error{siteErr, aliasErr} {
		if !xmlapi.IsNotFound(err) {
			return err == nil, err
		}
	}
	for _, records := range above {
		found, err := records.All()
		if err != nil && !xmlapi.IsNotFound(err) {
			return false, err
		}
		for _, r := range found {
			if r.Data != nil && form.ShownHostName(r.Data.Host) == ascii {
				return true, nil
			}
		}
	}
	return false, nil
}
