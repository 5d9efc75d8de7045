// Descriptors: which limits, permissions and hosting properties exist on this server, for a plan and for a subscription, and what
// they may be (protocol-core §7).

package plesksim

import (
	"slices"
	"strconv"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/serviceplan"
)

// described is the level that a descriptor is about: the server, a plan, or a subscription. Its values are the defaults there.
type described struct {
	values      provision
	permissions map[string]bool // of a subscription's subscriber; nil elsewhere
	plan        bool            // only what plans preset
	addon       bool            // only what add-on plans can add to
	site        bool            // only what sites have, beside the main one
}

// describe makes one kind of descriptor for a level.
type describe func(*call, described) *hosting.Descriptor

func webspaceDescriptorOperations() []operation {
	return []operation{
		many("webspace/get-limit-descriptor", anyone, webspaceDescriptor((*call).limitDescriptor)).optional(),
		many("webspace/get-permission-descriptor", anyone, webspaceDescriptor((*call).permissionDescriptor)).optional(),
		many("webspace/get-physical-hosting-descriptor", anyone, webspaceDescriptor((*call).hostingDescriptor)).optional(),
	}
}

func servicePlanDescriptorOperations() []operation {
	return []operation{
		many("service-plan/get-limit-descriptor", adminOrReseller, planDescriptor(servicePlan, (*call).limitDescriptor)),
		many("service-plan/get-permission-descriptor", adminOrReseller, planDescriptor(servicePlan, (*call).permissionDescriptor)),
		many("service-plan/get-physical-hosting-descriptor", adminOrReseller, planDescriptor(servicePlan, (*call).hostingDescriptor)),
	}
}

// webspaceDescriptor answers one descriptor per subscription or, for an empty filter, the server's, without filter-id and id.
func webspaceDescriptor(kind describe) func(*call, xmlapi.QueryRequest) ([]hosting.DescriptorResult, error) {
	return func(c *call, req xmlapi.QueryRequest) ([]hosting.DescriptorResult, error) {
		if len(req.Filter.Values()) == 0 {
			return []hosting.DescriptorResult{{Descriptor: kind(c, described{values: c.effective(nil, nil)})}}, nil
		}
		return each(c, c.webspaces(), req.Filter, func(w *webspace) (hosting.DescriptorResult, error) {
			return hosting.DescriptorResult{Descriptor: kind(c, described{values: c.planValues(w), permissions: copyOf(w.Permissions)})}, nil
		})
	}
}

// planDescriptor does the same per service plan or add-on.
func planDescriptor(plans planKind, kind describe) func(*call, serviceplan.GetRequest) ([]serviceplan.DescriptorResult, error) {
	return func(c *call, req serviceplan.GetRequest) ([]serviceplan.DescriptorResult, error) {
		list, err := c.planList(plans, req.OwnerID, req.OwnerLogin, req.OwnerAll)
		if err != nil {
			return nil, err
		}
		if len(req.Filter.Values()) == 0 {
			return []serviceplan.DescriptorResult{{Descriptor: kind(c, described{values: c.alone(&plan{Kind: plans}), plan: true, addon: plans == addonPlan})}}, nil
		}
		return eachPlan(c, list, req.Filter, func(p *plan, filterKind, value string) serviceplan.DescriptorResult {
			res := serviceplan.DescriptorResult{Echo: echo(filterKind, value)}
			if p == nil {
				res.Result = c.failure(planMissing())
				return res
			}
			res.Descriptor = kind(c, described{values: c.alone(p), plan: true, addon: plans == addonPlan})
			return res
		}), nil
	}
}

// providers are the callers who may change what they provide.
func providers() []string { return []string{hosting.RoleAdmin, hosting.RoleReseller} }

// writers are those of a limit, permission or property.
func (s *state) writers(name string) []string {
	if slices.Contains(s.Machine.Fixed, name) {
		return nil
	}
	return providers()
}

// Fix has nobody change the limits, permissions and properties of these names any more, the administrator neither: descriptors say so, and who tries is
// refused. No other names are fixed from now on.
func (s *Server) Fix(names ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.state.Machine.Fixed = slices.Clone(names)
	s.touch()
}

func (c *call) limitDescriptor(of described) *hosting.Descriptor {
	d := &hosting.Descriptor{}
	for _, l := range c.limits() {
		if of.addon && l.name == limitExpiration { // nothing can be added to a date
			continue
		}
		d.Properties = append(d.Properties, hosting.PropertyDescriptor{
			Name: l.name, Type: l.kind, Default: new(strconv.FormatInt(of.values.Limits[l.name], 10)), WritableBy: c.writers(l.name),
			Label: new("limit__" + l.name),
		})
	}
	return d
}

// permissionNeeds are the permissions that are of use only with another one.
var permissionNeeds = []struct{ name, needed string }{
	{"manage_php_settings", "manage_phosting"}, {"manage_php_version", "manage_phosting"}, {"manage_not_chroot_shell", "manage_sh_access"},
}

func (c *call) permissionDescriptor(of described) *hosting.Descriptor {
	d := &hosting.Descriptor{}
	for _, name := range c.permissions() {
		d.Properties = append(d.Properties, hosting.PropertyDescriptor{
			Name: name, Type: typeBoolean, Default: new(strconv.FormatBool(of.values.Permissions[name])), WritableBy: c.writers(name),
			Label: new("cl_perm__" + name), Extension: &hosting.Extension{Levels: []string{"reseller", "domain"}},
		})
	}
	for _, n := range permissionNeeds {
		d.Binds = append(d.Binds, hosting.Bind{Ref: n.name, Relevant: []hosting.Relevant{{Name: n.needed, Value: new("true")}}})
	}
	return d
}

// propertyNeeds are the properties that can be changed only while another has one of some values.
var propertyNeeds = []struct {
	name, needed string
	values       []string
}{
	{"ssl-redirect", "ssl", []string{"true"}},
	{"webstat_protected", "webstat", []string{"awstats", "webalizer"}},
	{"php_handler_id", "php", []string{"true"}},
	{"php_served_by_nginx", "php", []string{"true"}},
}

func (c *call) hostingDescriptor(of described) *hosting.Descriptor {
	d := &hosting.Descriptor{}
	for _, p := range c.properties() {
		if (p.inPlan || !of.plan) && (p.site || !of.site) && (of.site || !p.beside) {
			d.Properties = append(d.Properties, c.propertyDescriptor(p, of))
		}
	}
	for _, n := range propertyNeeds {
		if !property(n.name).isOn(c.Machine.OS) {
			continue
		}
		for _, value := range n.values {
			d.Binds = append(d.Binds, hosting.Bind{Ref: n.name, Relevant: []hosting.Relevant{{Name: n.needed, Value: new(value)}}})
		}
	}
	return d
}

func (c *call) propertyDescriptor(p *propertyInfo, of described) hosting.PropertyDescriptor {
	d := hosting.PropertyDescriptor{Name: p.name, Type: p.kind, WritableBy: c.writers(p.name), Label: new("hosting__" + p.name)}
	if p.values != nil {
		for _, v := range c.choices(p, of) {
			value := hosting.EnumValue{Value: v.value}
			if v.label != "" {
				value.Label = new(v.label)
			}
			d.Enum = append(d.Enum, value)
		}
	}
	if !p.ofUser {
		value, preset := of.values.Properties[p.name]
		if !preset {
			value = c.initialValue(p)
		}
		d.Default = new(value)
	}
	if len(d.WritableBy) > 0 && of.permissions["manage_phosting"] && (p.permission == "" || of.permissions[p.permission]) {
		d.WritableBy = append(d.WritableBy, hosting.RoleClient)
	}
	switch {
	case p.webService:
		d.Extension = &hosting.Extension{Service: &hosting.Service{Domain: &xmlapi.Empty{}, Subdomain: &xmlapi.Empty{}}}
	case p.site:
		d.Extension = &hosting.Extension{Levels: []string{"domain", "subdomain"}}
	default:
		d.Extension = &hosting.Extension{Levels: []string{"domain"}}
	}
	return d
}
