// Servers of older protocols: they get what they have, and the objects say what they lack. That no packet of these specs is refused by the grammar
// of its version is what every world checks.

package e2e

import (
	"os"
	"path/filepath"
	"slices"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/plesksim"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/serviceplan"
	"github.com/plesk-operator/plesk-operator/test/testbed"
)

// The fields of dated that only newer versions have, as objects name them.
const (
	unpaid   = "spec.hosting.extraProperties.unpaid_website_status (since 1.6.5.0)"
	apache   = "spec.webServer.additionalHTTP (since 1.6.5.0)"
	proxy    = "spec.webServer.nginxProxyMode (since 1.6.8.0)"
	redirect = "spec.hosting.virtualHost.seoRedirect (since 1.6.5.0)"
	httpCode = "spec.hosting.forwarding.httpCode (since 1.6.5.0)"
	sent     = "spec.seoRedirect (since 1.6.5.0)"
)

// samples are the objects of config/samples for a server on Linux, on the world's server.
func (w *world) samples() []client.Object {
	GinkgoHelper()
	return slices.DeleteFunc(w.allSamples(), suspended)
}

// suspended samples are for servers of the other platform.
func suspended(o client.Object) bool { return o.(v1alpha1.Object).Common().Suspend }

// allSamples are the objects of config/samples, one of each kind.
func (w *world) allSamples() []client.Object {
	GinkgoHelper()
	files, err := filepath.Glob(filepath.Join(bed.Root, "config", "samples", "plesk*.yaml"))
	Expect(err).NotTo(HaveOccurred())
	decoder := serializer.NewCodecFactory(bed.Client.Scheme(), serializer.EnableStrict).UniversalDeserializer()
	var out []client.Object
	for _, file := range files {
		manifest, err := os.ReadFile(file)
		Expect(err).NotTo(HaveOccurred())
		for _, document := range strings.Split(string(manifest), "\n---\n") {
			o, _, err := decoder.Decode([]byte(document), nil, nil)
			Expect(err).NotTo(HaveOccurred(), file)
			o.(client.Object).SetNamespace(w.ns)
			switch o := o.(type) {
			case *v1alpha1.PleskServer:
			case *corev1.Secret:
				w.create(o)
			default:
				out = append(out, o.(client.Object))
			}
		}
	}
	Expect(out).To(HaveLen(len(testbed.OurKinds())-1), "one of each kind but the server")
	return out
}

// dated are objects with every field that only newer versions have.
type dated struct {
	plan             *v1alpha1.PleskServicePlan
	site, forwarding *v1alpha1.PleskSubscription
	alias            *v1alpha1.PleskSiteAlias
}

func (w *world) createDated() dated {
	GinkgoHelper()
	d := dated{newPlan("dated"), newSubscription("dated.example", "acme", ""), newSubscription("forward.example", "acme", ""), newAlias("dated-example", "dated-too.example")}
	d.plan.Spec.Hosting = &v1alpha1.PlanHosting{}
	d.plan.Spec.Hosting.ExtraProperties = map[string]string{"unpaid_website_status": "disabled", "wu_script": "false"}
	d.plan.Spec.WebServer = &v1alpha1.PlanWebServer{AdditionalHTTP: new("# by the plan"), NginxProxyMode: new(false)}
	d.site.Spec.Hosting.VirtualHost.SEORedirect = new(v1alpha1.SEORedirectWWW)
	d.forwarding.Spec.Hosting = &v1alpha1.SubscriptionHosting{Forwarding: &v1alpha1.Forwarding{URL: "http://other.example", HTTPCode: new(int32(302))}}
	d.alias.Spec.SEORedirect = new(false)
	for _, o := range d.all() {
		w.create(o)
	}
	return d
}

func (d dated) all() []client.Object {
	return []client.Object{d.plan, d.site, d.forwarding, d.alias}
}

// eventuallyLacks waits until an object is ready, or says that just these fields are lacking in a version.
func (w *world) eventuallyLacks(o client.Object, version string, fields ...string) {
	GinkgoHelper()
	if len(fields) == 0 {
		w.eventuallyReady(o)
		return
	}
	w.eventuallySays(o, v1alpha1.ReasonUnsupportedByServer,
		"PleskServer "+w.ns+"/web-01 (spec.serverRef) speaks protocol "+version+", which does not have "+strings.Join(fields, ", ")+"; all else is as the spec says")
}

// lacking waits until all of dated say what a version lacks.
func (d dated) lacking(w *world, version string) {
	GinkgoHelper()
	plan, site, forwarding, alias := []string{unpaid, apache, proxy}, []string{redirect}, []string{httpCode}, []string{sent}
	if version != "1.6.4.0" {
		plan, site, forwarding, alias = []string{proxy}, nil, nil, nil
	}
	if version == "1.6.8.0" || version == "1.6.9.1" {
		plan = nil
	}
	w.eventuallyLacks(d.plan, version, plan...)
	w.eventuallyLacks(d.site, version, site...)
	w.eventuallyLacks(d.forwarding, version, forwarding...)
	w.eventuallyLacks(d.alias, version, alias...)
}

// datedPlanOnServer is the plan's hosting and web server, as the server's newest version shows them.
func (w *world) datedPlanOnServer() (properties map[string]string, web serviceplan.WebServerSettings) {
	GinkgoHelper()
	p := w.planOnServer("dated")
	properties = map[string]string{}
	for _, property := range p.Hosting.Virtual.Properties {
		properties[property.Name] = property.Value
	}
	if p.WebServerSettings != nil {
		web = *p.WebServerSettings
	}
	return properties, web
}

func (w *world) forwardingOnServer() *hosting.Forward {
	GinkgoHelper()
	return w.subscriptionOnServer("forward.example").Hosting.StandardForward
}

var _ = Describe("An older protocol", func() {
	DescribeTable("is spoken as it is, every kind has what it has, and what it lacks is named",
		func(newest, pinned, speaks string) {
			w := newWorldWith(plesksim.Options{Protocol: newest}, func(s *v1alpha1.PleskServer) { s.Spec.ProtocolVersion = pinned })
			samples := w.samples()
			for _, o := range samples {
				w.create(o)
			}
			d := w.createDated()
			w.eventuallyReady(w.server)
			possible := samples
			if speaks == "1.6.4.0" {
				possible = slices.DeleteFunc(slices.Clone(samples), func(o client.Object) bool {
					_, is := o.(*v1alpha1.PleskSubdomain)
					if is {
						w.eventuallySays(o, v1alpha1.ReasonInvalidSpec, "makes no subdomain of a site", "since 1.6.5.0")
					}
					return is
				})
				Expect(possible).To(HaveLen(len(samples) - 1))
			}
			w.eventuallyReady(possible...)
			d.lacking(w, speaks)
			w.reload(w.server)
			Expect(w.server.Status.ProtocolVersion).To(Equal(speaks))
			Expect(w.server.Status.ProtocolVersions[0]).To(Equal(newest))
			log := v1alpha1.EventLogFollowed
			if speaks == "1.6.4.0" || speaks == "1.6.5.0" {
				log = v1alpha1.EventLogUnavailable
			}
			Expect(w.server.Status.EventLog).To(Equal(log))
			properties, _ := w.datedPlanOnServer()
			Expect(properties).To(HaveKeyWithValue("wu_script", "false"), "what it has is written")
			Expect(w.forwardingOnServer().DestinationURL).To(Equal("http://other.example"))

			By("looking at everything once more, by itself and in lists")
			w.plesk.ResetStats()
			Expect(manager.Stop()).To(Succeed())
			Expect(manager.Start(w)).To(Succeed())
			all := append(samples, d.all()...)
			for _, o := range all {
				w.request(o)
			}
			for _, op := range []string{"customer/get", "service-plan/get", "webspace/get", "dns/get_rec", "database/get-db", "database/get-db-users", "mail/get_info"} {
				Eventually(func() int { return w.plesk.Stats().Operations[op] }).Should(BeNumerically(">", 0), op)
			}
			Consistently(func() int { return w.plesk.Stats().Writes }).Should(BeZero())
			w.eventuallyReady(possible...)
			d.lacking(w, speaks)

			By("taking it all away")
			for _, o := range all {
				edit(w, o, func(o client.Object) {
					o.(v1alpha1.Object).Common().DeletionPolicy = new(v1alpha1.DeletionPolicyDelete)
				})
			}
			for _, o := range all {
				w.delete(o)
			}
			for _, o := range all {
				w.eventuallyGone(o)
			}
			Expect(w.customersOnServer()).To(BeEmpty())
			Expect(w.planOnServer("dated")).To(BeNil())
		},
		Entry("of a server with 1.6.4", "1.6.4.0", "", "1.6.4.0"),
		Entry("of a server with 1.6.5", "1.6.5.0", "", "1.6.5.0"),
		Entry("of a server with 1.6.6", "1.6.6.0", "", "1.6.6.0"),
		Entry("of a server with 1.6.8", "1.6.8.0", "", "1.6.8.0"),
		Entry("of a server with 1.6.9.1, which is the newest", "1.6.9.1", "", "1.6.9.1"),
		Entry("that a newer server is asked for", "1.6.9.1", "1.6.4.0", "1.6.4.0"),
		Entry("that a newer server is asked for, abbreviated", "1.6.9.1", "1.6.5", "1.6.5.0"),
	)

	It("is left behind when the server is upgraded: what was left out is written, without anybody's doing", func() {
		dir := GinkgoT().TempDir()
		options := plesksim.Options{Protocol: "1.6.4.0", StateFile: filepath.Join(dir, "state.json"), TLSDir: filepath.Join(dir, "tls")}
		w := newWorldWith(options)
		w.create(newCustomer("acme"))
		d := w.createDated()
		d.lacking(w, "1.6.4.0")
		w.reload(d.plan)
		generation := d.plan.Generation

		By("upgrading it in two steps")
		options.Address = strings.TrimPrefix(w.plesk.Access.URL, "https://")
		for _, version := range []string{"1.6.5.0", "1.6.9.1"} {
			w.plesk.Close()
			options.Protocol = version
			w.plesk = simulate(options)
			d.lacking(w, version)
			properties, web := w.datedPlanOnServer()
			Expect(properties).To(HaveKeyWithValue("unpaid_website_status", "disabled"))
			Expect(web.Additional).To(HaveValue(Equal("# by the plan")))
			Expect(w.forwardingOnServer().HTTPCode).To(HaveValue(Equal(302)))
			if version == "1.6.9.1" {
				Expect(web.NginxProxyMode).To(HaveValue(Equal("false")))
				Eventually(func() v1alpha1.EventLogState { w.reload(w.server); return w.server.Status.EventLog }).Should(Equal(v1alpha1.EventLogFollowed))
			}
		}
		w.reload(d.plan)
		Expect(d.plan.Generation).To(Equal(generation))
		Expect(d.plan.Status.Contested).To(BeEmpty())
	})

	It("is too old before 1.6.4, whether the server has no other one or is asked for it", func() {
		w := newWorldWith(plesksim.Options{Protocol: "1.6.3.5"})
		w.eventuallySays(w.server, v1alpha1.ReasonUnsupportedByServer, "the newest protocol that it speaks is 1.6.3.5, and at least 1.6.4.0 is needed")
		c := newCustomer("acme")
		w.create(c)
		w.eventuallySays(c, v1alpha1.ReasonServerNotReady, "is not ready: UnsupportedByServer")
		Consistently(func() int { return w.plesk.Stats().Writes }).Should(BeZero())

		w = newWorld(func(s *v1alpha1.PleskServer) { s.Spec.ProtocolVersion = "1.6.3" })
		w.eventuallySays(w.server, v1alpha1.ReasonInvalidSpec, "spec.protocolVersion: 1.6.3.5 is too old: at least 1.6.4.0 is needed, and the server's newest is 1.6.9.1")
		edit(w, w.server, func(s *v1alpha1.PleskServer) { s.Spec.ProtocolVersion = "" })
		w.eventuallyReady(w.server)
	})

	It("that a server lists and does not execute is said to be the spec's choice", func() {
		w := newWorldWith(plesksim.Options{OldVersionsUnsupported: true}, func(s *v1alpha1.PleskServer) { s.Spec.ProtocolVersion = "1.6.8.0" })
		w.eventuallySays(w.server, v1alpha1.ReasonServerNotReady, "Plesk error 1017", `spec.protocolVersion "1.6.8.0" may be why`)
		c := newCustomer("acme")
		w.create(c)
		w.eventuallySays(c, v1alpha1.ReasonServerNotReady)
		Expect(w.plesk.Stats().Writes).To(BeZero())
		edit(w, w.server, func(s *v1alpha1.PleskServer) { s.Spec.ProtocolVersion = "" })
		w.eventuallyReady(w.server, c)
	})
})
