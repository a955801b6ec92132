// Prints the struct sizes and offsets that dev.forearm.sim.ffi reads, from the headers of one MuJoCo release.
// To add a release: unzip its mujoco-core wheel, then
//   cc -I WHEEL/mujoco/include sim/src/main/native/mujoco_offsets.c -o offsets && ./offsets
// and add the output as a section of sim/src/main/resources/dev/forearm/sim/ffi/mujoco-offsets.properties.
#include <mujoco/mujoco.h>
#include <stddef.h>
#include <stdio.h>

#define SIZE(type) printf("sizeof." #type "=%zu\n", sizeof(type));
#define OFFSET(type, field) printf(#type "." #field "=%zu\n", offsetof(type, field));

int main(void) {
  printf("version=%d\n", mjVERSION_HEADER);
  SIZE(mjModel) SIZE(mjData) SIZE(mjvScene) SIZE(mjvCamera) SIZE(mjvOption) SIZE(mjrContext)
  OFFSET(mjModel, nq) OFFSET(mjModel, nv) OFFSET(mjModel, nu) OFFSET(mjModel, nbody) OFFSET(mjModel, nsite) OFFSET(mjModel, ncam)
  OFFSET(mjModel, njnt) OFFSET(mjModel, jnt_qposadr) OFFSET(mjModel, jnt_dofadr)
  OFFSET(mjModel, stat.extent) OFFSET(mjModel, vis.map.znear) OFFSET(mjModel, vis.map.zfar)
  OFFSET(mjData, ncon) OFFSET(mjData, time) OFFSET(mjData, qpos) OFFSET(mjData, qvel) OFFSET(mjData, ctrl)
  OFFSET(mjData, xpos) OFFSET(mjData, xquat) OFFSET(mjData, site_xpos) OFFSET(mjData, site_xmat)
  OFFSET(mjData, cam_xpos) OFFSET(mjData, cam_xmat)
  OFFSET(mjvScene, flags) OFFSET(mjvCamera, type) OFFSET(mjvCamera, fixedcamid)
  OFFSET(mjrContext, offWidth) OFFSET(mjrContext, offHeight) OFFSET(mjrContext, currentBuffer)
  OFFSET(mjrContext, readDepthMap)
  printf("mjOBJ_BODY=%d\nmjOBJ_JOINT=%d\nmjOBJ_SITE=%d\nmjOBJ_CAMERA=%d\nmjOBJ_ACTUATOR=%d\n",
         mjOBJ_BODY, mjOBJ_JOINT, mjOBJ_SITE, mjOBJ_CAMERA, mjOBJ_ACTUATOR);
  printf("mjSTATE_INTEGRATION=%d\n", mjSTATE_INTEGRATION);
  printf("mjCAMERA_FIXED=%d\nmjFB_OFFSCREEN=%d\nmjCAT_ALL=%d\nmjRND_SHADOW=%d\nmjRND_REFLECTION=%d\nmjDEPTH_ZEROFAR=%d\n",
         mjCAMERA_FIXED, mjFB_OFFSCREEN, mjCAT_ALL, mjRND_SHADOW, mjRND_REFLECTION,
         mjDEPTH_ZEROFAR);
  return 0;
}
