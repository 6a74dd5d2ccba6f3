// Command operator is a small operator built with controller-runtime, together with its user: it creates its own kind, runs the
// operator, changes objects, and prints what becomes of them. Its output is the same on every API server that behaves like
// kube-apiserver.
//
// Usage: operator NAMESPACE, with KUBECONFIG set.
package main

import (
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/wait"
	clientgoscheme "k8s.io/client-go/kubernetes/scheme"
	"k8s.io/client-go/tools/clientcmd"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/cache"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/envtest"
	"sigs.k8s.io/controller-runtime/pkg/log"
	"sigs.k8s.io/controller-runtime/pkg/log/zap"
	"sigs.k8s.io/controller-runtime/pkg/metrics/server"
	"sigs.k8s.io/yaml"
)

const deadline = 60 * time.Second

func main() {
	log.SetLogger(zap.New(zap.WriteTo(os.Stderr)))
	config, err := clientcmd.BuildConfigFromFlags("", os.Getenv("KUBECONFIG"))
	must(err)
	namespace := os.Args[1]
	ctx, cancel := context.WithTimeout(context.Background(), 3*deadline)
	defer cancel()

	crd := &apiextensionsv1.CustomResourceDefinition{}
	must(yaml.UnmarshalStrict([]byte(definition), crd))
	_, err = envtest.InstallCRDs(config, envtest.CRDInstallOptions{CRDs: []*apiextensionsv1.CustomResourceDefinition{crd}})
	must(err)
	fmt.Println("kind established")

	scheme := runtime.NewScheme()
	must(clientgoscheme.AddToScheme(scheme))
	must(addToScheme(scheme))
	manager, err := ctrl.NewManager(config, ctrl.Options{
		Scheme:                  scheme,
		Metrics:                 server.Options{BindAddress: "0"},
		Cache:                   cache.Options{DefaultNamespaces: map[string]cache.Config{namespace: {}}},
		LeaderElection:          true,
		LeaderElectionID:        "shelves.library.test",
		LeaderElectionNamespace: namespace,
	})
	must(err)
	must(setUp(manager))
	ended := make(chan error, 1)
	running, stop := context.WithCancel(ctx)
	go func() { ended <- manager.Start(running) }()

	direct, err := client.New(config, client.Options{Scheme: scheme})
	must(err)
	use(ctx, direct, namespace)
	stop()
	must(<-ended)
	must(envtest.UninstallCRDs(config, envtest.CRDInstallOptions{CRDs: []*apiextensionsv1.CustomResourceDefinition{crd}}))
	fmt.Println("kind removed")
}

// use does what a user of the operator does, and prints what comes of it.
func use(ctx context.Context, api client.Client, namespace string) {
	shelf := &Shelf{ObjectMeta: metav1.ObjectMeta{Name: "novels", Namespace: namespace}, Spec: ShelfSpec{Books: 2}}
	must(api.Create(ctx, shelf))
	fmt.Println("created with the defaults of its kind: room", shelf.Spec.Room)
	wrong := &Shelf{ObjectMeta: metav1.ObjectMeta{Name: "wrong", Namespace: namespace}, Spec: ShelfSpec{Books: 99}}
	fmt.Println("too many books:", strings.ReplaceAll(api.Create(ctx, wrong).Error(), namespace, "NAMESPACE"))
	settled(ctx, api, shelf, 2)

	shelf.Spec.Books = 3
	must(api.Update(ctx, shelf))
	settled(ctx, api, shelf, 3)
	patch := client.MergeFrom(shelf.DeepCopyObject().(client.Object))
	shelf.Spec.Books = 1
	must(api.Patch(ctx, shelf, patch))
	settled(ctx, api, shelf, 1)

	// What somebody takes away, the operator brings back.
	must(api.Delete(ctx, deployment(shelf)))
	until(ctx, "the Deployment is back", func() bool {
		found := &appsv1.Deployment{}
		err := api.Get(ctx, client.ObjectKeyFromObject(shelf), found)
		return err == nil && found.DeletionTimestamp == nil && found.Status.Replicas == 1
	})
	events := &corev1.EventList{}
	until(ctx, "the operator's event is there", func() bool {
		must(api.List(ctx, events, client.InNamespace(namespace), client.MatchingFields{"involvedObject.kind": "Shelf", "reason": "Filled"}))
		return len(events.Items) > 0
	})
	fmt.Printf("event: %s %s %s\n", events.Items[0].Type, events.Items[0].InvolvedObject.Name, events.Items[0].Source.Component)

	must(api.Delete(ctx, shelf, client.PropagationPolicy(metav1.DeletePropagationBackground)))
	until(ctx, "the shelf is gone, with its finalizer", func() bool {
		return errors.IsNotFound(api.Get(ctx, client.ObjectKeyFromObject(shelf), &Shelf{}))
	})
	note := &corev1.ConfigMap{}
	must(api.Get(ctx, client.ObjectKey{Namespace: namespace, Name: "novels-closed"}, note))
	fmt.Println("the finalizer left a note:", note.Data["books"])
	until(ctx, "its Deployment is collected", func() bool {
		return errors.IsNotFound(api.Get(ctx, client.ObjectKeyFromObject(shelf), &appsv1.Deployment{}))
	})
}

// settled waits for the operator's status and prints it.
func settled(ctx context.Context, api client.Client, shelf *Shelf, books int32) {
	until(ctx, fmt.Sprintf("%d books are on the shelf", books), func() bool {
		must(api.Get(ctx, client.ObjectKeyFromObject(shelf), shelf))
		filled := meta.FindStatusCondition(shelf.Status.Conditions, "Filled")
		return shelf.Status.Books == books && filled != nil && filled.Status == metav1.ConditionTrue && filled.ObservedGeneration == shelf.Generation
	})
	found := &appsv1.Deployment{}
	must(api.Get(ctx, client.ObjectKeyFromObject(shelf), found))
	owner := metav1.GetControllerOf(found)
	fmt.Printf("generation %d, finalizers %v, Deployment of %s %s with %d replicas\n", shelf.Generation, shelf.Finalizers, owner.Kind, owner.Name, *found.Spec.Replicas)
}

func until(ctx context.Context, what string, holds func() bool) {
	err := wait.PollUntilContextTimeout(ctx, 50*time.Millisecond, deadline, true, func(context.Context) (bool, error) { return holds(), nil })
	if err != nil {
		fail("not seen: %s", what)
	}
	fmt.Println(what)
}

func must(err error) {
	if err != nil {
		fail("%v", err)
	}
}

func fail(format string, values ...any) {
	fmt.Printf("failed: "+format+"\n", values...)
	os.Exit(1)
}

const definition = `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: shelves.library.test }
spec:
  group: library.test
  scope: Namespaced
  names: { kind: Shelf, plural: shelves, singular: shelf, listKind: ShelfList }
  versions:
    - name: v1
      served: true
      storage: true
      subresources: { status: {} }
      schema:
        openAPIV3Schema:
          type: object
          properties:
            spec:
              type: object
              required: [books]
              properties:
                books: { type: integer, format: int32, minimum: 0 }
                room: { type: string, default: attic }
              x-kubernetes-validations: [{ rule: self.books <= 10, message: a shelf holds ten books }]
            status:
              type: object
              properties:
                books: { type: integer, format: int32 }
                conditions:
                  type: array
                  x-kubernetes-list-type: map
                  x-kubernetes-list-map-keys: [type]
                  items:
                    type: object
                    required: [type, status, lastTransitionTime, reason, message]
                    properties:
                      type: { type: string }
                      status: { type: string, enum: ['True', 'False', Unknown] }
                      observedGeneration: { type: integer, format: int64 }
                      lastTransitionTime: { type: string, format: date-time }
                      reason: { type: string }
                      message: { type: string }
`
