// PleskDNSTemplate: operator `dns` without an owner; a server has one.

package dns

import (
	"context"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/dns"
)

// +kubebuilder:rbac:groups=plesk-operator.dev,resources=pleskdnstemplates,verbs=get;list;watch;update;patch
// +kubebuilder:rbac:groups=plesk-operator.dev,resources=pleskdnstemplates/status,verbs=get;update;patch

// Template is the kind PleskDNSTemplate. It comes with the server, whose GUID it is known by. No event is about it.
type Template struct{}

var (
	_ engine.Kind[*v1alpha1.PleskDNSTemplate, zoneValue]    = Template{}
	_ engine.Partial[*v1alpha1.PleskDNSTemplate, zoneValue] = Template{}
	_ engine.Cleaner[*v1alpha1.PleskDNSTemplate, zoneValue] = Template{}
	_ engine.ServerScoped                                   = Template{}
	_ engine.Blamer                                         = Template{}
)

// theTemplate is where its records are.
var theTemplate = place{template: &xmlapi.Empty{}}

// templateKey is the name of the one template of a server.
const templateKey = "DNS template"

func (Template) Roles() []v1alpha1.ServerRole { return engine.ForAdministrators }

func (Template) ServerScoped() {}

func (Template) Refs() []engine.Ref[*v1alpha1.PleskDNSTemplate] { return nil }

func (Template) Desired(o *v1alpha1.PleskDNSTemplate, _ engine.Inputs) (engine.Key, zoneValue, error) {
	w, err := wantedTemplate(&o.Spec)
	return engine.Key{Name: templateKey}, w, err
}

// wantedTemplate translates the spec of a template, which is that of a zone with placeholders.
func wantedTemplate(s *v1alpha1.PleskDNSTemplateSpec) (zoneValue, error) {
	w := zoneValue{Enabled: s.Enabled}
	var err error
	if s.SOA != nil {
		if w.SOA, err = wantedSOA(s.SOA); err != nil {
			return w, err
		}
	}
	records := make([]v1alpha1.DNSRecord, len(s.Records))
	for i, r := range s.Records {
		records[i] = v1alpha1.DNSRecord(r)
	}
	err = w.wantRecords(templateZone, records, s.Absent)
	return w, err
}

// Find reads all of the template in one packet. Whose it is says the server that answers, which is known by its GUID.
func (Template) Find(ctx context.Context, d xmlapi.Doer, h engine.Handle) (*engine.Found[zoneValue], error) {
	state := dns.Get.Call(dns.GetRequest{SOA: &xmlapi.Empty{}})
	records := dns.GetRec.Call(dns.GetRecRequest{Filter: xmlapi.All(), Template: theTemplate.template})
	if err := d.Do(ctx, state, records); err != nil {
		return nil, err
	}
	s, err := state.One()
	if err != nil {
		return nil, err
	}
	if s.ZoneStatus == nil {
		return nil, xmlapi.Incomplete(dns.Get, "zone_status")
	}
	soa, err := foundSOA(s.SOA)
	if err != nil {
		return nil, err
	}
	listed, err := records.All()
	if err != nil {
		return nil, err
	}
	v := zoneValue{Enabled: new(*s.ZoneStatus == dns.Enabled), SOA: soa, name: templateZone}
	if v.all, err = foundRecords(templateZone, listed); err != nil {
		return nil, err
	}
	v.Records = keysOf(v.all)
	return &engine.Found[zoneValue]{Identity: h.Identity, Key: engine.Key{Name: templateKey}, Value: v}, nil
}

func (Template) Update(ctx context.Context, d xmlapi.Doer, u engine.Update[zoneValue]) error {
	settings := timesAndState(nil, u)
	if err := sendSteps(ctx, d, settings); err != nil {
		return err
	}
	recordsErr := writeRecords(ctx, d, theTemplate, u)
	if err := firstRefusal(settings); err != nil {
		return err
	}
	return recordsErr
}

func ownedByTemplate(o *v1alpha1.PleskDNSTemplate) ownedRecords {
	return ownedRecords{list: &o.Status.Records, zone: templateZone}
}

// Restrict leaves of the records those that are wanted and those that are to go.
func (Template) Restrict(o *v1alpha1.PleskDNSTemplate, want, have zoneValue) zoneValue {
	return restricted(want, have, ownedByTemplate(o).byPolicy(o.Spec.RecordPolicy, templateZone))
}

// Record notes the records that are about to be added.
func (Template) Record(o *v1alpha1.PleskDNSTemplate, changes []engine.Change) {
	ownedByTemplate(o).record(changes)
}

// Confirm notes the ids of records that are there.
func (Template) Confirm(o *v1alpha1.PleskDNSTemplate, have zoneValue) {
	ownedByTemplate(o).confirm(have)
}

func (Template) Forget(o *v1alpha1.PleskDNSTemplate) { o.Status.Records, o.Status.Observed = nil, nil }

// CleanUp removes the records that this resource added.
func (Template) CleanUp(ctx context.Context, d xmlapi.Doer, o *v1alpha1.PleskDNSTemplate, found *engine.Found[zoneValue]) error {
	return ownedByTemplate(o).takeBack(ctx, d, theTemplate, found.Value, func() (*engine.Found[zoneValue], error) {
		return Template{}.Find(ctx, d, engine.Handle{Identity: found.Identity})
	})
}

func (Template) Observe(o *v1alpha1.PleskDNSTemplate, f *engine.Found[zoneValue]) {
	v := f.Value
	o.Status.Observed = &v1alpha1.ObservedDNSTemplate{Enabled: *v.Enabled, RecordCount: int32(len(v.all)), SOA: v.SOA.shown()} // no template has that many
}

func (Template) Field(err *xmlapi.Error) string { return fieldOf(err) }
