// What is offered to resellers: descriptors of their limits and permissions, applications, the links of their page in the panel.

package plesksim

import (
	"slices"
	"strconv"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
	webspaceapi "github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
)

func resellerOfferOperations() []operation {
	return []operation{
		many("reseller/get-limit-descriptor", adminOrReseller, resellerDescriptor(resellerLimitDescriptor)).optional(),
		many("reseller/get-permission-descriptor", adminOrReseller, resellerDescriptor(resellerPermissionDescriptor)).optional(),
		many("reseller/cform-buttons-list", adminOrReseller, resellerButtonsList),
		many("reseller/add-package", administrator, resellerPackages(offer.withPackages)),
		many("reseller/remove-package", administrator, resellerPackages(offer.withoutPackages)),
		many("reseller/enable-aps-filter", administrator, resellerFilter(true)),
		many("reseller/disable-aps-filter", administrator, resellerFilter(false)),
	}
}

// resellerDescriptor answers the server's descriptor, without filter-id and id, for an empty filter, else one per reseller.
func resellerDescriptor(describe func(*state, allowance) *hosting.Descriptor) func(*call, xmlapi.QueryRequest) ([]hosting.DescriptorResult, error) {
	return func(c *call, req xmlapi.QueryRequest) ([]hosting.DescriptorResult, error) {
		if len(req.Filter.Values()) == 0 {
			return []hosting.DescriptorResult{{Descriptor: describe(c.state, c.allowanceOf(nil))}}, nil
		}
		return each(c, c.resellers(), req.Filter, func(a *account) (hosting.DescriptorResult, error) {
			return hosting.DescriptorResult{Descriptor: describe(c.state, c.allowanceOf(c.Plans.Get(a.Plan)))}, nil
		})
	}
}

// resellerLimitDescriptor describes the limits of resellers; those of a plan, or the server's, are the defaults.
func resellerLimitDescriptor(s *state, of allowance) *hosting.Descriptor {
	d := &hosting.Descriptor{}
	for _, l := range s.resellerLimits() {
		d.Properties = append(d.Properties, hosting.PropertyDescriptor{
			Name: l.name, Type: l.kind, Default: new(strconv.FormatInt(of.Limits[l.name], 10)), WritableBy: []string{"admin"},
			Label: new("limit__" + l.name),
		})
	}
	return d
}

func resellerPermissionDescriptor(_ *state, of allowance) *hosting.Descriptor {
	d := &hosting.Descriptor{}
	for _, name := range resellerPermissionNames() {
		p := hosting.PropertyDescriptor{
			Name: name, Type: typeBoolean, Default: new(strconv.FormatBool(of.Permissions[name])), WritableBy: []string{"admin"},
			Label: new("cl_perm__" + name), Extension: &hosting.Extension{Levels: []string{"reseller", "domain"}},
		}
		if slices.Contains(resellersOwnPermissions, name) {
			p.Extension.Levels = []string{"reseller"}
		}
		d.Properties = append(d.Properties, p)
	}
	for _, n := range permissionNeeds {
		d.Binds = append(d.Binds, hosting.Bind{Ref: n.name, Relevant: []hosting.Relevant{{Name: n.needed, Value: new("true")}}})
	}
	return d
}

// resellerLinks are the links of a reseller's page.
var resellerLinks = []pageLink{
	{code: "customers", name: "Customers", path: "/admin/customer/list/resellerId/"},
	{code: "subscriptions", name: "Subscriptions", path: "/admin/subscription/list/resellerId/"},
	{code: "service-plans", name: "Service Plans", path: "/admin/plan/list/resellerId/"},
	{code: "ip-addresses", name: "IP Addresses", path: "/admin/reseller/ip-pool/id/"},
}

func resellerButtonsList(c *call, req xmlapi.QueryRequest) ([]hosting.ButtonsListResult, error) {
	return each(c, c.resellers(), req.Filter, func(a *account) (hosting.ButtonsListResult, error) {
		var res hosting.ButtonsListResult
		for _, l := range resellerLinks {
			res.Buttons = append(res.Buttons, hosting.Button{
				Code: l.code, Type: "button", Name: l.name, NameID: l.code, GroupName: "Resellers", GroupNameID: "resellers",
				Href: l.path + idKey(a.ID), Enabled: true, NewWindow: new(false),
			})
		}
		return res, nil
	})
}

// changeResellersOffer gives a reseller another offer, which locks one who has a plan.
func (c *call) changeResellersOffer(a *account, changed offer, err error) error {
	if err != nil {
		return err
	}
	a.offer, a.Locked = changed, a.Plan != 0
	c.event("reseller", "updated", idKey(a.ID))
	return nil
}

func resellerPackages(change func(offer, []hosting.PackageInput) (offer, error)) func(*call, webspaceapi.PackageRequest) ([]xmlapi.FilterResult, error) {
	return func(c *call, req webspaceapi.PackageRequest) ([]xmlapi.FilterResult, error) {
		return each(c, c.resellers(), req.Filter, func(a *account) (xmlapi.FilterResult, error) {
			changed, err := change(a.offer, req.Packages)
			return xmlapi.FilterResult{}, c.changeResellersOffer(a, changed, err)
		})
	}
}

func resellerFilter(on bool) func(*call, xmlapi.FilterRequest) ([]xmlapi.FilterResult, error) {
	return func(c *call, req xmlapi.FilterRequest) ([]xmlapi.FilterResult, error) {
		return each(c, c.resellers(), req.Filter, func(a *account) (xmlapi.FilterResult, error) {
			changed := a.offer
			changed.APSFilter = on
			return xmlapi.FilterResult{}, c.changeResellersOffer(a, changed, nil)
		})
	}
}
