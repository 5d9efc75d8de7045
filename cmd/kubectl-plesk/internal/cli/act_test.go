// The acts that change how somebody is known: what is safe to reset.

package cli

import (
	"strings"
	"testing"

	"k8s.io/cli-runtime/pkg/genericiooptions"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/cmd/kubectl-plesk/internal/fleet"
)

func TestToldBy(t *testing.T) {
	const guid = "0f0f0f0f-0000-4000-8000-000000000001"
	site := func(s *v1alpha1.CommonStatus) *v1alpha1.PleskSite {
		return &v1alpha1.PleskSite{Status: v1alpha1.PleskSiteStatus{CommonStatus: *s}}
	}
	of := func(s v1alpha1.PleskServerStatus) *v1alpha1.PleskServer { return &v1alpha1.PleskServer{Status: s} }
	in := func(p v1alpha1.RecordedParent) *v1alpha1.CommonStatus { return &v1alpha1.CommonStatus{Parent: &p} }
	parent := v1alpha1.RecordedParent{ObjectIdentity: v1alpha1.ObjectIdentity{GUID: guid}, Reference: "PleskCustomer/a"}
	for name, c := range map[string]struct {
		o    client.Object
		told bool
	}{
		"a reseller's server":              {of(v1alpha1.PleskServerStatus{GUID: guid}), true},
		"another server":                   {of(v1alpha1.PleskServerStatus{GUID: "x"}), false},
		"a customer's server":              {of(v1alpha1.PleskServerStatus{GUID: "x", Subscriptions: []string{guid}}), true},
		"a customer's server with more":    {of(v1alpha1.PleskServerStatus{GUID: "x", Subscriptions: []string{guid, "y"}}), false},
		"what has a GUID and lies in it":   {site(&v1alpha1.CommonStatus{GUID: "y", Parent: &parent}), false},
		"what has none and lies in it":     {site(in(parent)), true},
		"what names it by its name":        {site(&v1alpha1.CommonStatus{GUID: "y", Parent: &v1alpha1.RecordedParent{ObjectIdentity: parent.ObjectIdentity}}), true},
		"what is unique in it":             {site(&v1alpha1.CommonStatus{Within: &v1alpha1.ObjectIdentity{GUID: guid}}), true},
		"what comes with it":               {site(&v1alpha1.CommonStatus{GUID: guid}), true},
		"what lies in something within it": {site(in(v1alpha1.RecordedParent{Around: guid})), true},
		"what lies elsewhere":              {site(in(v1alpha1.RecordedParent{ObjectIdentity: v1alpha1.ObjectIdentity{GUID: "x"}})), false},
		"what lies in nothing":             {site(&v1alpha1.CommonStatus{}), false},
	} {
		t.Run(name, func(t *testing.T) {
			if told := toldBy(fleet.Object{Object: c.o}, fleet.Object{Ref: fleet.Ref{Name: "a"}}, guid); told != c.told {
				t.Errorf("%v, want %v", told, c.told)
			}
		})
	}
	itself := fleet.Object{Object: site(&v1alpha1.CommonStatus{GUID: guid})}
	if toldBy(itself, itself, guid) {
		t.Error("the object itself is known by its mark")
	}
}

func TestResettable(t *testing.T) {
	for why, objects := range map[string][]client.Object{
		"":              {&v1alpha1.PleskCustomer{}, &v1alpha1.PleskReseller{}, &v1alpha1.PleskSubscription{}},
		"bears no mark": {&v1alpha1.PleskSite{}, &v1alpha1.PleskSubdomain{}},
		"and no others": {&v1alpha1.PleskServicePlan{}, &v1alpha1.PleskDNSZone{}, &v1alpha1.PleskServer{}},
	} {
		for _, o := range objects {
			err := resettable(fleet.Object{Object: o})
			if (err == nil) != (why == "") || err != nil && !strings.Contains(err.Error(), why) {
				t.Errorf("%T: %v, want %q", o, err, why)
			}
		}
	}
}

func TestReadPassword(t *testing.T) {
	for in, want := range map[string]string{"Panel-2031-x\ny\n": "Panel-2031-x", "Panel-2031-x": "Panel-2031-x", "Panel-2031-x\r\n": "Panel-2031-x", "": "", "\ny\n": ""} {
		e := &env{IOStreams: genericiooptions.IOStreams{In: strings.NewReader(in)}}
		have, err := e.readPassword("-")
		if have.Reveal() != want || (err == nil) != (want != "") {
			t.Errorf("%q: %q, %v", in, have.Reveal(), err)
		}
	}
}
